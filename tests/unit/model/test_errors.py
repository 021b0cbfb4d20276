from fui.model.errors import ConfigError, Problem


def test_a_problem_says_where_it_is() -> None:
    problem = Problem("apache.yaml", 3, 5, "cannot use comand; did you mean command?")
    assert str(problem) == "apache.yaml:3:5: cannot use comand; did you mean command?"


def test_an_error_carries_every_problem_in_order() -> None:
    problems = (Problem("a", 1, 1, "cannot x"), Problem("a", 2, 1, "cannot y"))
    error = ConfigError(problems)
    assert error.problems == problems
    assert str(error) == "a:1:1: cannot x\na:2:1: cannot y"
