"""A headless Chromium that looks at Superset, and what it saw: requests, console, charts.

Chromium and its driver come from the system (Debian: chromium, chromium-driver); nothing is downloaded.
"""

import base64
import json
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.common.by import By

# The browser must send nothing of its own either.
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage --force-color-profile=srgb "
    "--window-size=1440,1000"
)
# What a chart of Superset shows: drawn, a table or a number; or why there is nothing.
CHARTS = """
return [...document.querySelectorAll('.dashboard-component-chart-holder')].filter(holder =>
    holder.querySelector('.chart-slice, .slice_container, [data-test-chart-id]')).map(holder => ({
    title: holder.querySelector('[data-test="editable-title"]')?.textContent?.trim() ?? '',
    loading: !!holder.querySelector('[data-test="loading-indicator"], .loading, .ant-skeleton'),
    drawn: !!holder.querySelector('canvas, tbody tr td, .header-line'),
    text: holder.innerText,
}))
"""


class Browser:
    """Logged in at `url`; `seen()` gives what happened since it was last asked."""

    def __init__(self, url: str, user: str, password: str, wait: float = 120):
        self.url, self.wait = url, wait
        self._profile = tempfile.mkdtemp(prefix="dashboards-")
        options = webdriver.ChromeOptions()
        for flag in (*FLAGS.split(), f"--user-data-dir={self._profile}"):
            options.add_argument(flag)
        options.binary_location = shutil.which("chromium") or ""
        options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
        service = webdriver.ChromeService(executable_path=shutil.which("chromedriver"))
        self.driver = webdriver.Chrome(options=options, service=service)
        self.driver.set_page_load_timeout(wait)
        self.driver.set_script_timeout(wait)
        self.open("/login/")
        self.until(lambda: self.all("input#username"))
        self.all("input#username")[0].send_keys(user)
        self.all("input#password")[0].send_keys(password)
        self.all("button[type=submit]")[0].click()
        self.until(lambda: "/login" not in self.driver.current_url)

    def close(self) -> None:
        self.driver.quit()
        shutil.rmtree(self._profile, ignore_errors=True)

    def open(self, path: str) -> None:
        self.driver.get(self.url + path)

    def script(self, code: str, *arguments: object):
        return self.driver.execute_script(code, *arguments)

    def type(self, text: str) -> None:
        """Type into whatever has the focus."""
        self.driver.switch_to.active_element.send_keys(text)

    def text_of(self, title: str) -> str:
        """What the chart with `title` says now."""
        return next((chart["text"] for chart in self.script(CHARTS) if chart["title"] == title), "")

    def post(self, path: str, body: dict) -> dict:
        """The answer to a request of the page's own session."""
        return self.driver.execute_async_script(
            """
            const [path, body, done] = arguments;
            const headers = {'Content-Type': 'application/json'};
            fetch('/api/v1/security/csrf_token/').then(answer => answer.json()).then(({result}) =>
                fetch(path, {method: 'POST', headers: {...headers, 'X-CSRFToken': result}, body}))
                .then(answer => answer.json()).then(done, error => done({errors: [String(error)]}))
            """,
            path, json.dumps(body),
        )  # fmt: skip

    def database(self) -> int:
        """The id of the one database."""
        return self.driver.execute_async_script(
            "const done = arguments[0];"
            "fetch('/api/v1/database/').then(answer => answer.json()).then(({result}) => done(result[0].id))"
        )

    def all(self, selector: str) -> list:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def until(self, holds: Callable[[], object], what: str = "the page") -> object:
        """What `holds` returns once it is true; raises TimeoutError after `wait` seconds."""
        end = time.monotonic() + self.wait
        while time.monotonic() < end:
            if found := holds():
                return found
            time.sleep(0.5)
        raise TimeoutError(f"{what} is not there after {self.wait:.0f} s at {self.driver.current_url}")

    def charts(self, count: int) -> list[dict]:
        """The charts of the dashboard that is open, once all `count` have loaded; it is scrolled through."""

        def loaded():
            found = self.script(CHARTS)
            for holder in self.all(".dashboard-component-chart-holder"):
                self.script("arguments[0].scrollIntoView({block: 'center'})", holder)
                time.sleep(0.1)
            ready = len(found) == count and not any(chart["loading"] for chart in found)
            return (
                found if ready and all(chart["drawn"] or "No " in chart["text"] for chart in found) else None
            )

        return self.until(loaded, f"the last of {count} charts")

    def seen(self) -> dict[str, list]:
        """Addresses that were asked for, answers to chart queries that failed, and errors of the console."""
        asked, failed = [], []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                asked.append(message["params"]["request"]["url"])
            if message["method"] == "Network.responseReceived":
                response = message["params"]["response"]
                if response["status"] >= 400:
                    failed.append((response["status"], response["url"]))
        console = [entry for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]
        return {"asked": asked, "failed": failed, "console": [entry["message"] for entry in console]}

    def picture(self, path: Path, height: int | None = None) -> None:
        """The whole dashboard, or its first `height` pixels, as PNG."""
        whole = self.script(
            "const grid = document.querySelector('.grid-container');"
            "return grid ? Math.ceil(grid.getBoundingClientRect().height) + 260 : document.body.scrollHeight"
        )
        size = {"width": 1440, "height": height or whole, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.script("window.scrollTo(0, 0)")
        time.sleep(2)
        taken = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
        path.write_bytes(base64.b64decode(taken["data"]))
        self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
