"""Settings of Superset: on this machine only, read-only, nothing cached, nothing fetched from elsewhere."""

import os
from pathlib import Path

STATE = Path(os.environ["SWP_DASHBOARDS"])
SECRET_KEY = (STATE / "secret.key").read_text(encoding="utf-8")
SQLALCHEMY_DATABASE_URI = f"sqlite:///{STATE / 'superset.db'}?check_same_thread=false"

APP_NAME = "Community safety"
RATELIMIT_ENABLED = False
PREVENT_UNSAFE_DB_CONNECTIONS = True

# A refresh asks the publication that is current then.
CACHE_CONFIG = DATA_CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}

DEFAULT_SQLLAB_LIMIT = 1000
SQL_MAX_ROW = 100_000

# The browser itself refuses whatever would leave this machine.
TALISMAN_ENABLED = True
TALISMAN_CONFIG = {
    "content_security_policy": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "font-src": ["'self'", "data:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": "'none'",
        "style-src": ["'self'", "'unsafe-inline'"],
        "script-src": ["'self'", "'strict-dynamic'", "'unsafe-eval'"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,
    "session_cookie_secure": False,
}

# Told apart by people who are colour-blind, and in grey (Okabe and Ito).
EXTRA_CATEGORICAL_COLOR_SCHEMES = [
    {
        "id": "community_safety",
        "label": "Community safety",
        "description": "Safe for colour-blind readers",
        "isDefault": True,
        "colors": ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#7A7A7A", "#F0E442"],
    }
]
