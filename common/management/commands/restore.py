from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from common import backups
from config import database, throwaway
from members import books, heads


class Command(BaseCommand):
    """Restore a backup into an empty database, or with --check into a throw-away one, and recount the books there."""

    help = (
        "Restore FILE into the database of DATABASE_URL, which must be empty; nothing is ever overwritten."
        " With --check into a database that is thrown away, and the site's own is not touched."
        " Either way the books are recounted; exit 1 where anything is wrong."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--check", action="store_true", help="restore into a throw-away database and report")
        parser.add_argument("--seal", default="", help="the seal that `backup` printed, to be sure it is that backup")

    def handle(self, *, file: Path, check: bool, seal: str, **options):
        try:
            manifest = backups.read(file, expected_seal=seal)
            self.stdout.write(f"ok  files       made {manifest['made_at']}, seal {manifest['seal']}")
            if check:
                with database.for_throwaways(), throwaway.database("restore", migrated=False):
                    self._restore(file, manifest)
            else:
                self._restore(file, manifest)
        except backups.Unusable as error:
            raise CommandError(str(error)) from error

    def _restore(self, file: Path, manifest: dict) -> None:
        backups.load(file)
        faults = backups.differences(manifest, facts=heads.of_every_society)
        self._say("contents", f"{sum(manifest['rows'].values()):,} rows as the manifest says", faults)
        call_command("migrate", verbosity=0, interactive=False)  # to this version, and the rights of the site's role
        wrong = [str(fault) for fault in books.faults()]
        self._say("books", "the books are right", wrong)
        if faults or wrong:
            number = len(faults + wrong)
            raise CommandError(
                f"It was restored, with {number} thing{'s' if number > 1 else ''} in it that are not right."
            )

    def _say(self, what: str, well: str, faults: list[str]) -> None:
        for line in faults or [well]:
            self.stdout.write(f"{'no' if faults else 'ok'}  {what:11} {line}")
