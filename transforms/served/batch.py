"""Calls as files in OpenAI's batch format, which `vllm run-batch` answers where no server can be reached.

A request is a line `{"custom_id", "method", "url", "body"}`; its answer is a line with the same `custom_id` and, under
`response`, the status and the body that a server would have sent.
"""

import json

from models.chat.messages import KEY, AnswerError, Reply, Request, read_reply

_URL = "/v1/chat/completions"
_OK = 200


def write_request(request: Request) -> bytes:
    """The line for a request; its `custom_id` is the key under which the answer is stored."""
    line = {"custom_id": request.key, "method": "POST", "url": _URL, "body": dict(request.body)}
    return json.dumps(line).encode() + b"\n"


def read_answer(line: bytes, model: str) -> tuple[str, Reply]:
    """The key and the answer in a line; raises AnswerError, which says why, where there is none."""
    try:
        answer = json.loads(line)
        key, response, error = answer["custom_id"], answer.get("response"), answer.get("error")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise AnswerError("no line of a batch's output") from None
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise AnswerError("a custom_id that is not ours")
    if error or not isinstance(response, dict) or response.get("status_code", _OK) != _OK:
        status = response.get("status_code") if isinstance(response, dict) else None
        raise AnswerError(f"an error of the server{f' (status {status})' if status not in (None, _OK) else ''}")
    return key, read_reply(response.get("body"), model)
