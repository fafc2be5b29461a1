"""A real browser for tests, where one is installed."""

import shutil
import time
from contextlib import contextmanager

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")
NEEDED = pytest.mark.skipif(
    not (CHROMIUM and DRIVER),
    reason="no browser here (Debian: apt-get install chromium chromium-driver)",
)
ARGUMENTS = ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage")


@contextmanager
def browsing(*further):
    """Chromium, driven by selenium, until the block ends."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in (*ARGUMENTS, *further):
        options.add_argument(argument)
    driver = webdriver.Chrome(options, Service(DRIVER))
    try:
        yield driver
    finally:
        driver.quit()


def until(condition, seconds, said=""):
    """Wait for a condition; a test that fails here says what it waited for."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, said
        time.sleep(0.2)
