"""The dashboards in a real browser: `make test-dashboards`, on a copy of the home that `make warehouse` made.

Every chart draws, filters filter, SQL Lab keeps its limit, nothing leaves the machine, and what is built and
published while all this is open is there after a refresh. Pictures are kept in SWP_HOME/dashboards/pictures.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from assets import dashboards, review_period
from browser import Browser
from serve import HERE, HOME, USER

PICTURES = HOME / "dashboards" / "pictures"
PUBLISHED = Path("published/current/internal/community_safety.duckdb")
SWP = HERE.parent / ".venv" / "bin" / "swp"
EACH = [pytest.param(dashboard, id=dashboard["slug"]) for dashboard in dashboards()]


def swp(command: str, home: Path) -> None:
    environment = {**os.environ, "SWP_HOME": str(home)}
    done = subprocess.run([SWP, command], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def home(tmp_path_factory) -> Path:
    """A copy of this home, as far as building and publishing need it."""
    assert (HOME / PUBLISHED).exists(), f"{HOME / PUBLISHED} is not there: run 'make warehouse' first"
    home = tmp_path_factory.mktemp("dashboards")
    for part in ("home.id", "person_key.id"):
        shutil.copy2(HOME / part, home)
    for part in ("build", "published"):
        shutil.copytree(HOME / part, home / part, symlinks=True)
    return home


@pytest.fixture(scope="session")
def url(home):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, str(HERE / "serve.py"), "--port", str(port)],
        env={**os.environ, "SWP_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    told = []
    for line in server.stdout:
        told.append(line)
        if "Ctrl-C" in line:
            break
    assert server.poll() is None, "".join(told)
    threading.Thread(target=server.stdout.read, daemon=True).start()
    yield f"http://127.0.0.1:{port}"
    server.send_signal(signal.SIGINT)
    assert server.wait(30) == 0


@pytest.fixture(scope="session")
def browser(url, home):
    opened = Browser(url, USER, (home / "dashboards" / "password").read_text())
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def nothing_leaves_the_machine(browser, url):
    """What each test did: no request elsewhere, no failed answer, no error in the console."""
    browser.seen()
    yield
    seen = browser.seen()
    assert seen["asked"]
    assert [asked for asked in seen["asked"] if not asked.startswith((url, "data:", "blob:", "file:"))] == []
    # The page of dbt names images by templates (${...}) before it fills them in.
    unfilled = ("static_index.html", "/target/$%7B")
    told = seen["failed"] + seen["console"]
    assert [each for each in told if not any(part in each for part in unfilled)] == []


def ask(home: Path, query: str):
    with duckdb.connect(str(home / PUBLISHED), read_only=True) as connection:
        return connection.execute(query).fetchone()[0]


def hate_crimes(home: Path, area: str) -> str:
    value = ask(
        home,
        "select value from marts.mart_r09_hate_crime_response where measure_id = 'hate_crimes' "
        "and breakdown = 'all' and period_type = 'review_year' and period_end = "
        "(select max(period_end) from marts.mart_r09_hate_crime_response where period_type = 'review_year') "
        f"and {area}",
    )
    return f"{value:,.0f}"


def opened(browser: Browser, slug: str) -> dict[str, str]:
    """What each chart of a dashboard says, by title."""
    browser.open(f"/superset/dashboard/{slug}/")
    count = len(next(dashboard["charts"] for dashboard in dashboards() if dashboard["slug"] == slug))
    return {chart["title"]: chart["text"] for chart in browser.charts(count)}


def choose(browser: Browser, name: str, value: str) -> None:
    """Choose a value of a filter in the bar and apply it."""
    browser.script(
        "[...document.querySelectorAll('[data-test=\"form-item-value\"]')]"
        f".find(item => item.closest('.ant-form-item').textContent.includes('{name}'))"
        ".querySelector('.ant-select-selector')"
        ".dispatchEvent(new MouseEvent('mousedown', {bubbles: true}))"
    )
    option = f'.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option[title="{value}"]'
    browser.type(value)
    browser.until(lambda: browser.all(option), f"the option {value}")[0].click()
    apply = '[data-test="filter-bar__apply-button"]'
    browser.until(lambda: browser.all(apply)[0].is_enabled(), "the button that applies filters")
    browser.all(apply)[0].click()


@pytest.mark.parametrize("dashboard", EACH)
def test_every_chart_of_a_dashboard_has_data(dashboard, browser):
    texts = opened(browser, dashboard["slug"])
    PICTURES.mkdir(parents=True, exist_ok=True)
    browser.picture(PICTURES / f"{dashboard['slug']}.png")
    assert set(texts) == {chart["title"] for chart in dashboard["charts"]}
    empty = [title for title, text in texts.items() if "No results" in text or "No data" in text]
    assert empty == []
    assert [title for title, text in texts.items() if "rror" in text] == []


def test_a_number_is_that_of_the_mart_and_follows_the_ward(browser, home):
    whole = hate_crimes(home, "area_type = 'borough'")
    west_end = hate_crimes(home, "area_name = 'West End'")
    assert whole != west_end
    assert whole in opened(browser, "overview")["Hate crimes"]

    choose(browser, "Ward", "West End")
    browser.until(lambda: west_end in browser.text_of("Hate crimes"), "the number of the West End")


def test_the_recommendation_filters_what_is_shown(browser):
    before = opened(browser, "supporting_victims")["All measures in one table"]
    assert "R03 " in before
    assert "R08 " in before
    choose(browser, "Recommendation", "R08 Case reviews of anti-social behaviour")

    def is_filtered():
        shown = browser.text_of("All measures in one table")
        return "R08 " in shown and "R03 " not in shown

    browser.until(is_filtered, "the filtered table")


def test_the_period_filters_what_is_shown(browser):
    last_year = review_period()
    first, last = (int(part.split()[1]) for part in last_year.split(" to "))
    before = last_year.replace(str(first), str(first - 1), 1)
    before = before[: -len(str(last))] + str(last - 1)
    shown = opened(browser, "overview")["Hate crimes"]
    choose(browser, "Period", before)
    browser.until(lambda: browser.text_of("Hate crimes") not in ("", shown), "the number of the year before")


def test_sql_lab_keeps_the_limit_and_cannot_write_or_read_files(browser):
    def run(sql: str, limit: int) -> dict:
        return browser.post(
            "/api/v1/sqllab/execute/",
            {
                "database_id": browser.database(),
                "sql": sql,
                "queryLimit": limit,
                "runAsync": False,
                "schema": "marts",
            },
        )

    for refused in (
        "delete from marts.mart_r16_high_crime_lsoas",
        "select * from read_text('/etc/hostname')",
    ):
        assert "errors" in run(refused, 7)
    browser.seen()  # those two answers are meant to be errors

    found = run("select * from marts.mart_r16_high_crime_lsoas", 7)
    assert len(found["data"]) == 7
    # One more than asked for: so it knows whether there are more.
    assert found["query"]["executedSql"].endswith("LIMIT 8")


def test_what_is_built_and_published_while_readers_ask_is_there_after_a_refresh(browser, home):
    before = hate_crimes(home, "area_type = 'borough'")
    assert before in opened(browser, "overview")["Hate crimes"]

    stop = threading.Event()
    busy = threading.Thread(target=lambda: [ask(home, "select count(*) from marts.mart_r19_theft_action_plan")
                                            for _ in iter(stop.is_set, True)])  # fmt: skip
    busy.start()
    try:
        with ThreadPoolExecutor(1) as beside:
            built = beside.submit(swp, "build", home)
            while not built.done():
                assert before in opened(browser, "overview")["Hate crimes"]
            built.result()
        with duckdb.connect(str(home / "build" / "warehouse.duckdb")) as connection:
            connection.execute(
                "update marts.mart_r09_hate_crime_response set value = value + 100000 "
                "where measure_id = 'hate_crimes'"
            )
        swp("publish", home)
    finally:
        stop.set()
        busy.join()

    after = hate_crimes(home, "area_type = 'borough'")
    assert after != before
    assert after in opened(browser, "overview")["Hate crimes"]


def test_the_dictionary_finds_a_suppliers_label(browser, home):
    browser.driver.get((home / PUBLISHED).with_name("data_dictionary.html").resolve().as_uri())
    browser.all("#find")[0].send_keys("major_text")
    shown = browser.script(
        "return [...document.querySelectorAll('details:not([hidden])')].map(table => table.id)"
    )
    assert "cris_crime" in shown
    assert "marac_case" not in shown


def test_the_dbt_docs_open_from_a_file(browser):
    browser.driver.get((HERE.parent / "target" / "static_index.html").as_uri())
    browser.until(lambda: browser.all(".app-body, .app-main"), "the page of dbt")
