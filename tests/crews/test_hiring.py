"""Workers by name."""

from __future__ import annotations

import os
import sys
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

import pytest

from storyboard.crews.crew import PlainCrew
from storyboard.errors import StoryboardError
from storyboard.workflows.hiring import crew, parsed


@pytest.mark.parametrize(
    ("named", "name"),
    [
        ("2", "2 processes"),
        ("dask://render1", "dask://render1"),
        ("dask+tls://[::1]:9000", "dask+tls://[::1]:9000"),
        ("farm.pools:slurm.executor", "farm.pools:slurm.executor"),
    ],
)
def test_three_ways_to_name_workers(named: str, name: str) -> None:
    """A number, a cluster, a callable; nobody is asked."""
    assert parsed(named).name == name


@pytest.mark.parametrize(
    "named",
    ["", "0", "9999", "-1", "two", "dask://", "dask://a:b", "dask://a/b", "http://a:1", "a:", ":b"],
)
def test_other_names_are_refused(named: str) -> None:
    """With what to write."""
    with pytest.raises(ValueError, match="write"):
        parsed(named)


def test_processes_know_no_key_and_are_not_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is paid by a worker."""
    monkeypatch.setenv("FAL_KEY", "secret")
    with crew("1") as executor:
        there = executor.submit(os.getenv, "FAL_KEY", "none"), executor.submit(os.getpid)
        assert there[0].result(300) == "none"
        assert there[1].result(300) != os.getpid()


def test_a_callable_of_a_module_beside_gives_an_executor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is used as it is where it is threads, and shut down at the end."""
    (tmp_path / "studio_pool.py").write_text(
        "from concurrent.futures import ThreadPoolExecutor\n"
        "class Pools:\n"
        "    @staticmethod\n"
        "    def two(): return ThreadPoolExecutor(2)\n"
    )
    monkeypatch.chdir(tmp_path)
    before = list(sys.path)
    with crew("studio_pool:Pools.two") as executor:
        assert isinstance(executor, ThreadPoolExecutor)
        assert executor.submit(pow, 2, 3).result(300) == 8
    assert sys.path == before
    with pytest.raises(RuntimeError):
        executor.submit(pow, 2, 3)


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("no_such_module:pool", "No module named"),
        ("os:no_such_name", "has no attribute"),
        ("os:getpid", "gives a int, and no concurrent.futures.Executor"),
        ("os:_exit", "TypeError"),
        ("sys:exit", "SystemExit"),
    ],
)
def test_a_callable_that_gives_none_is_one_sentence(named: str, said: str) -> None:
    """With what went wrong in it."""
    with pytest.raises(StoryboardError, match=said), crew(named):
        pass


def test_a_crew_that_cant_be_let_go_changes_nothing() -> None:
    """What it made is made."""

    class Stubborn(ThreadPoolExecutor):
        def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
            super().shutdown(wait, cancel_futures=cancel_futures)
            raise OSError("no")

    PlainCrew(Stubborn(1)).leave()


def test_a_name_that_is_none_is_one_sentence() -> None:
    """Also for a program."""
    with pytest.raises(StoryboardError, match="is nobody; write"), crew("two"):
        pass


def test_a_cluster_that_nobody_answers_for_is_one_sentence() -> None:
    """Before anything is done."""
    from storyboard.crews.cluster import Cluster

    with pytest.raises(StoryboardError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        Cluster("tcp://127.0.0.1:9", patience=0.2)


def test_an_executor_that_lasts_is_an_executor() -> None:
    """So that a `Run` takes it."""
    with crew("1") as executor:
        assert isinstance(executor, Executor)


def test_without_dask_its_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one sentence, and only where a cluster is asked for."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "storyboard.crews.cluster", raising=False)
    with pytest.raises(StoryboardError, match="`pip install distributed`"), crew("dask://a"):
        pass
