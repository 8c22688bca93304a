"""The site's settings for a measured server: the throw-away database, one more address, files kept in memory."""

import os

from config.settings import *  # noqa: F403
from config.settings import DATABASES

for _part in DATABASES.values():
    _part["NAME"] = os.environ["BENCH_DATABASE"]
ROOT_URLCONF = "bench.urls"
WHITENOISE_AUTOREFRESH = False  # as on a production site: no file is looked for at each request
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = None
