"""The WSGI application for granian or any other server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from config import database

database.ensure_server()
application = get_wsgi_application()
database.refuse_strong_role()
