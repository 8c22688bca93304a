import shutil
import sys
import tempfile
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from common import clock
from common.money import as_pounds
from config import database, throwaway
from members import rehearsal
from members.rehearsal import papers
from members.rehearsal.outcome import outcome


class Command(BaseCommand):
    """Play an offer from scenario.toml and events.csv in a throw-away database and write what came of it."""

    help = "Rehearse a share offer from files (docs/rehearsal.md). Never touches the books of the site."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="holds scenario.toml and events.csv")
        parser.add_argument("--out", type=Path, required=True, help="folder for the results; made if it is missing")
        parser.add_argument("--without-certificates", action="store_true", help="no PDFs: they take longest")

    def handle(self, *args, **options):
        try:
            scenario, events = rehearsal.read(options["folder"])
            ok = self._rehearse(scenario, events, options["out"], certificates=not options["without_certificates"])
        except rehearsal.UnreadableScenario as unreadable:
            for fault in unreadable.faults:
                self.stderr.write(str(fault))
            sys.exit(2)
        if not ok:
            raise CommandError("The rehearsal ended, but the books are not right: see outcome.json.", returncode=1)

    def _rehearse(self, scenario, events, out: Path, *, certificates: bool) -> bool:
        _can_write(out)
        with database.for_throwaways(), throwaway.database("rehearsal"), tempfile.TemporaryDirectory() as draft:
            played = rehearsal.play(scenario, events, progress=self._progress)
            with clock.stopped(played.ended_at):
                found = outcome(played)
                papers.write(played, found, Path(draft), certificates=certificates, progress=self._progress)
            _hand_over(Path(draft), out)  # all of it, or nothing where something failed before
        self._say(found)
        return found["books"]["ok"]

    def _progress(self, what: str, done: int, total: int) -> None:
        """One line that counts, on a terminal only."""
        if self.stderr.isatty() and (done == total or done % 25 == 0):
            self.stderr.write(f"\r{what}: {done} of {total} ", ending="\n" if done == total else "")

    def _say(self, found: dict) -> None:
        offer = found["offer"]
        self.stdout.write(
            f"{offer['state']}: {len(found['applications'])} applications, {offer['members']} members, "
            f"{as_pounds(offer['allotted_pence'])} allotted, {as_pounds(offer['refunded_pence'])} refunded; books "
            + ("right" if found["books"]["ok"] else f"wrong: {len(found['books']['faults'])} faults")
        )


def _can_write(out: Path) -> None:
    """Ask before the long run, in one plain line, whether the folder of the results can be made and written.

    Nothing is made yet: a scenario that cannot be played leaves no empty folder.
    """
    try:
        there = next(folder for folder in [out, *out.absolute().parents] if folder.exists())
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        raise CommandError(f"--out {out} cannot be written: {error.strerror}. Name another folder.") from None


def _hand_over(draft: Path, out: Path) -> None:
    """Put the results where they were asked for; papers of an earlier rehearsal there do not stay among them."""
    if (out / "outcome.json").exists():
        for old in [out / "minute.pdf", *(out / "certificates").glob("[0-9]*.pdf")]:
            old.unlink(missing_ok=True)
    for path in draft.rglob("*"):
        target = out / path.relative_to(draft)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file():
            shutil.copyfile(path, target)
