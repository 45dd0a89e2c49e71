"""Superset on loopback with the dashboards of this folder; `make dashboards` runs it.

    .venv-dashboards/bin/python dashboards/serve.py [--port 8088] [--profile internal]

Its own state (settings of users, the password) lies in SWP_HOME/dashboards. Each start imports the dashboards
anew: what was changed in the browser under their names is overwritten, what was added beside them stays.
"""

import argparse
import json
import logging
import os
import secrets
import sys
from io import BytesIO
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOME = Path(os.environ.get("SWP_HOME") or HERE.parent / "data").expanduser().absolute()
STATE = HOME / "dashboards"
USER = "analyst"
PIXEL = "https://apachesuperset.gateway.scarf.sh/pixel/"


def kept(name: str) -> str:
    """A secret of this home, made when first asked for."""
    path = STATE / name
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(24), encoding="utf-8")
    return path.read_text(encoding="utf-8")


def without_pixel() -> None:
    """Take the address of its maker's counting pixel out of Superset's pages."""
    import superset

    for path in (Path(superset.__file__).parent / "static" / "assets").glob("*.entry.js"):
        text = path.read_text(encoding="utf-8")
        if PIXEL in text:
            path.write_text(text.replace(PIXEL, "data:,"), encoding="utf-8")


def prepared(database: Path):
    """The application with its tables, its user and the dashboards over `database`."""
    from superset.app import create_app

    app = create_app()
    with app.app_context():
        import flask_migrate
        from superset import appbuilder

        flask_migrate.upgrade(str(Path(sys.modules["superset"].__file__).parent / "migrations"))
        appbuilder.add_permissions(update_perms=True)
        appbuilder.sm.sync_role_definitions()
        if not appbuilder.sm.find_user(USER):
            admin = appbuilder.sm.find_role("Admin")
            appbuilder.sm.add_user(USER, USER, "", f"{USER}@localhost", admin, password=kept("password"))
    import_assets(app, database)
    return app


def import_assets(app, database: Path) -> None:
    """Send the dashboards to the import endpoint, which renews what is there; the command line would not."""
    from assets import bundle

    client = app.test_client()
    login = {"username": USER, "password": kept("password"), "provider": "db"}
    token = client.post("/api/v1/security/login", json=login).json["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    csrf = client.get("/api/v1/security/csrf_token/", headers=headers).json["result"]
    done = client.post(
        "/api/v1/assets/import/",
        headers={**headers, "X-CSRFToken": csrf},
        data={"bundle": (BytesIO(bundle(database)), "dashboards.zip")},
        content_type="multipart/form-data",
    )
    if done.status_code != 200:
        sys.exit(f"dashboards: the import failed.\n{json.dumps(done.json, indent=2)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8088)
    parser.add_argument("--profile", default="internal")
    arguments = parser.parse_args()
    database = HOME / "published" / "current" / arguments.profile / "community_safety.duckdb"
    if not database.exists():
        sys.exit(f"dashboards: {database} is not there. Run 'swp publish' first.")

    STATE.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept("secret.key")
    os.environ["SWP_DASHBOARDS"] = str(STATE)
    os.environ["SUPERSET_CONFIG_PATH"] = str(HERE / "superset_config.py")
    logging.disable(logging.WARNING)
    print("dashboards: preparing (a minute when it is new)", flush=True)

    from werkzeug.serving import make_server

    without_pixel()
    app = prepared(database)
    try:
        server = make_server("127.0.0.1", arguments.port, app, threaded=True)
    except SystemExit:
        sys.exit(f"dashboards: port {arguments.port} is taken. Name another: make dashboards PORT=8099")
    print(f"dashboards: http://127.0.0.1:{arguments.port}/superset/dashboard/overview/", flush=True)
    print(f"            user {USER}, password {kept('password')} - Ctrl-C stops", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print("\ndashboards: stopped")


if __name__ == "__main__":
    main()
