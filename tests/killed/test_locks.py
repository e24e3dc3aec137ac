"""Two at work on one data folder? The second says why not; and a killed first leaves no lock behind."""

import pytest

from tests.killed.process import Deployment, end, run
from tests.killed.wait import until


@pytest.mark.parametrize(("command", "flags"), [("serve", ("--port", "0")), ("work", ())])
def test_a_second_one_is_refused(deployment: Deployment, command: str, flags: tuple[str, ...]) -> None:
    """It exits with 3 and names the folder and the process that holds it; the first goes on."""
    deployment.start()
    holder = {"serve": deployment.serve_pid, "work": deployment.wait_at_work(within_s=30)}[command]
    code, printed = run(command, deployment.data, *flags)
    assert 3 == code, printed
    assert str(deployment.data) in printed
    assert str(holder) in printed
    assert 200 == deployment.get("/readyz").status


def test_the_folder_works_after_its_holder_was_killed(deployment: Deployment) -> None:
    """SIGKILL leaves the lock files, not the locks: a new serve and a new worker take the folder."""
    deployment.start()
    worker = deployment.wait_at_work(within_s=30)
    end(worker)
    deployment.kill()
    deployment.start()
    assert worker != deployment.wait_at_work(within_s=30)


def test_a_killed_serve_leaves_no_orphan(deployment: Deployment) -> None:
    """The worker sees that its parent is gone, and goes as well."""
    deployment.start()
    deployment.wait_at_work(within_s=30)
    deployment.kill()
    assert until(lambda: not deployment.processes("work"), 10)
