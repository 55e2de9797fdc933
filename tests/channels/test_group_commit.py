"""Requests that come while one is being written are written together: each has its own answer, none is left behind."""

import threading

from liandong.channels.api.group_commit import MOST, GroupCommit


class Slow:
    """Writes a group when it is let; remembers which groups it was given."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.begun, self.may_go = threading.Event(), threading.Event()

    def __call__(self, group):
        self.groups.append(list(group))
        self.begun.set()
        assert self.may_go.wait(10)
        return [one * 10 for one in group]


def ask(group: GroupCommit, answers: dict[int, object], one: int) -> threading.Thread:
    def run() -> None:
        try:
            answers[one] = group(one)
        except BaseException as error:
            answers[one] = error

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def until_waiting(group: GroupCommit, many: int) -> None:
    for _ in range(1000):
        with group._lock:
            if len(group._waiting) == many:
                return
        threading.Event().wait(0.005)
    raise AssertionError(len(group._waiting))


def test_who_comes_alone_is_written_at_once_and_who_comes_meanwhile_together():
    slow, answers = Slow(), {}
    group = GroupCommit(slow)
    threads = [ask(group, answers, 1)]
    assert slow.begun.wait(10)
    for number, one in enumerate((2, 3, 4), 1):
        threads.append(ask(group, answers, one))
        until_waiting(group, number)
    slow.may_go.set()
    for thread in threads:
        thread.join(10)
    assert slow.groups == [[1], [2, 3, 4]]
    assert answers == {n: n * 10 for n in (1, 2, 3, 4)}
    assert group(5) == 50


def test_a_crowd_is_written_in_groups_and_everybody_is_answered():
    slow, answers = Slow(), {}
    group = GroupCommit(slow)
    threads = [ask(group, answers, 0)]
    assert slow.begun.wait(10)
    threads += [ask(group, answers, n) for n in range(1, MOST + 20)]
    until_waiting(group, MOST + 19)
    slow.may_go.set()
    for thread in threads:
        thread.join(10)
    assert answers == {n: n * 10 for n in range(MOST + 20)}
    assert [len(one) for one in slow.groups] == [1, MOST, 19]


def test_a_fault_is_the_answer_of_its_group_and_the_next_is_written():
    def do(group):
        if 1 in group:
            raise ValueError("broken")
        return group

    group = GroupCommit(do)
    assert isinstance(group(1), ValueError)
    assert group(2) == 2


def test_a_thread_that_is_ended_while_it_writes_leaves_nobody_waiting():
    begun, may_go, answers = threading.Event(), threading.Event(), {}

    def do(group):
        if 1 in group:
            begun.set()
            assert may_go.wait(10)
            raise SystemExit
        return group

    group = GroupCommit(do)
    threads = [ask(group, answers, 1)]
    assert begun.wait(10)
    threads.append(ask(group, answers, 2))
    until_waiting(group, 1)
    may_go.set()
    for thread in threads:
        thread.join(10)
    assert isinstance(answers[1], SystemExit) and answers[2] == 2
