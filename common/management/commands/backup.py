from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from common import backups
from members import heads


class Command(BaseCommand):
    """Write a backup of the whole database: a dump and a manifest beside it. Never overwrites a file."""

    help = "Write FILE (PostgreSQL's custom format) and FILE.manifest.json (what must be in it). Never overwrites."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *, file: Path, **options):
        try:
            manifest = backups.write(file, facts=heads.of_every_society)
        except (OSError, backups.Unusable) as error:
            raise CommandError(str(error)) from error
        entries = sum(int(said.split(":")[0]) for said in manifest["facts"]["heads of the ledgers"].values())
        self.stdout.write(
            f"{file}: {manifest['dump_bytes']:,} bytes, {sum(manifest['rows'].values()):,} rows, {entries:,} entries"
            f" in {len(manifest['facts']['heads of the ledgers'])} ledgers"
        )
        self.stdout.write(f"seal {manifest['seal']}")
