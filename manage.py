#!/usr/bin/env python
"""Django's command line, with the database started first where the project brings its own."""

import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from config import database

    try:
        database.ensure_server()
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Toad Lane does not start: {error}")


if __name__ == "__main__":
    main()
