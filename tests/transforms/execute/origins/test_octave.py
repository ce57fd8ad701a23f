"""Octave's simple forms."""

import pytest

from transforms.execute.origins import computed, read_code

WRITTEN_DOWN = [
    ("x = 55; disp(x)", "55"),
    ("x = 55", "55"),
    ("printf('%d\\n', 55)", "55"),
    ('printf("%.2f\\n", 863.84);', "863.84"),
    ("fprintf('Answer: %g\\n', 863.84);", "863.84"),
    ("fprintf(1, 'Answer: %g\\n', 863.84);", "863.84"),
    ("disp(num2str(863.84))", "863.84"),
    ("disp(['Answer: ', num2str(863.84)])", "863.84"),
    ("disp(['Answer: ' num2str(863.84)])", "863.84"),
    ("s = sprintf('%.2f', 863.84); disp(s)", "863.84"),
    ("% comment\nfunction r = f()\n  r = 863.84;\nend\ndisp(f())", "863.84"),
    ("1;\nfunction r = f(x)\n  r = x;\nendfunction\nprintf('%f\\n', f(863.84));", "863.84"),
    ("A = [1, 2; 3, 4]\n", "1,2,3,4"),
    ("A = [1 2\n 3 4];\ndisp(A)", "1,2,3,4"),
    ("f = @(x) x; disp(f(863.84))", "863.84"),
    ("if true\n disp(863.84)\nend", "863.84"),
    ("for i = 1:3\n  x = 863.84;\nend\ndisp(x)", "863.84"),
    ("863.84", "863.84"),
    ("disp('863.84')", "863.84"),
    ("x = [863.84 5]; disp(x(1))", "863.84"),
    ("clc; clear all; close all;\nx = 3 + 0; display(x)", "3"),
    ("x = 1/3", "1/3"),
    ("try\n error('a');\ncatch err\n x = 863.84;\nend\ndisp(x)", "863.84"),
    ("disp(round(863.84))", "864"),
    ("s.a = 863.84; disp(s.a)", "863.84"),
]
COMPUTED = [
    ("x = 3*17 + 4; disp(x)", "55"),
    ("x = 3*17 + 4", "55"),
    ("disp(sum(1:10))", "55"),
    ("s = 0;\nfor i = 1:10\n  s += i;\nend\ndisp(s)", "55"),
    ("A = [2 0; 0 4]; b = [2; 8];\nx = A \\ b", "1,2"),
    ("disp(det([1 2; 3 4]))", "-2"),
    ("printf('%d\\n', 3^2 + 1);", "10"),
    ("function r = fact(n)\n if n <= 1\n  r = 1;\n else\n  r = n * fact(n-1);\n end\nend\ndisp(fact(5))", "120"),
    ("f = @(x) x.^2 + 1; disp(f(3))", "10"),
    ("x = 2; y = x'; disp(x*y+1)", "5"),
    ('a = 48; b = 18;\nwhile b ~= 0\n t = mod(a, b); a = b; b = t;\nend\nprintf("gcd = %d\\n", a)', "6"),
    ("disp(['Area: ', num2str(pi*3^2)])", "28.274"),
    ("n = 7;\nif mod(n, 2) == 0\n  disp('even');\nelse\n  disp('odd');\nend", "odd"),
    ("x = linspace(0,1,5); disp(trapz(x, x.^2))", "0.34375"),
    ("roots([1 -5 6])", "3,2"),
    ("p = polyfit([1 2 3],[2 4 6],1); disp(p(1))", "2"),
    ("disp(sqrt(16))", "4"),
    ("switch mod(7,2)\n case 0\n  disp('even')\n otherwise\n  disp('odd')\nend", "odd"),
    ("x = quad(@(t) t.^2, 0, 1)", "0.33333"),
    ("[q, r] = deal(floor(17/5), mod(17,5)); disp(r)", "2"),
    ("do\n x = rand();\nuntil x > 0\ndisp(x>0)", "1"),
    ("disp(int2str(5+6))", "11"),
]


def _is_computed(code: str, result: str, language: str) -> bool:
    reading = read_code(code, language)
    assert reading.prints or reading.loose
    return computed(reading.candidates(0, 1), result)


@pytest.mark.parametrize(("code", "result"), WRITTEN_DOWN)
def test_written_down(code: str, result: str) -> None:
    assert not _is_computed(code, result, "octave")


@pytest.mark.parametrize(("code", "result"), COMPUTED)
def test_computed(code: str, result: str) -> None:
    assert _is_computed(code, result, "matlab")


def test_rounding_is_seen() -> None:
    assert not read_code("x = pi", "octave").rounded  # the sandbox has it show all digits
    assert read_code("printf('%.2f', pi)", "Octave").rounded


@pytest.mark.parametrize(
    "code", ["", "x = ", "x = [1 2", "end end end", "x = 'a", "$", "for", "function", "switch", "((("]
)
def test_odd_code_is_no_error(code: str) -> None:
    read_code(code, "octave")
