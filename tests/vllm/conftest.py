"""The real vLLM server: one for all tests of a file, and its log beside the traceback of a test that fails."""

from collections.abc import Iterator

import pytest

from tests.conftest import lacks
from tests.vllm.environment import CannotInstall, Environment, environment
from tests.vllm.server import Server


@pytest.fixture(scope="session")
def vllm_environment() -> Environment:
    try:
        return environment()
    except CannotInstall as error:
        lacks("a vLLM server", f"make server ({error})")


@pytest.fixture(scope="session")
def _server(vllm_environment: Environment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(vllm_environment, tmp_path_factory.mktemp("vllm") / "log")
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def vllm_server(_server: Server) -> Server:
    """It runs, whatever the test before did to it."""
    if _server.process is None or not _server.answers():
        _server.kill()
        _server.start()
    return _server


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    server = getattr(item, "funcargs", {}).get("vllm_server")
    if report.failed and server:
        report.sections.append(("vLLM's log", server.log_tail()))
    return report
