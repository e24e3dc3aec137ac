"""Reading refusals from a real log."""

from collector.store.ports.rejections import RejectionPlace, RejectionQuery, Sample, StoredRejection
from collector.store.ports.totals import Step
from tests.collector.store.rows import Rows, ask
from tests.factories import at


def find(
    rows: Rows, *, limit: int = 100, after: RejectionPlace | None = None, **query: object
) -> list[StoredRejection]:
    """What a query finds."""
    asked = RejectionQuery(**query)  # type: ignore[arg-type]  # a test's own words
    return ask(rows.folder, lambda store: store.rejections.find(asked, limit=limit, after=after))


def counts(rejections: list[StoredRejection]) -> list[tuple[int, str, int]]:
    """Site, code and count of each."""
    return [(one.site, one.code, one.count) for one in rejections]


def test_counts_are_exact_and_samples_newest_first(rows: Rows) -> None:
    """One row a site and code: how often, when last, and what the newest looked like, at most 20."""
    for minute in range(25):
        rows.reject(f"10:{minute:02}", "bad_time", path=f"events[{minute}].occurred_at", sample='{"a":"è"}')
    (one,) = find(rows)
    assert ("bad_time", 1, 25, at("10:24")) == (one.code, one.site, one.count, one.last_at)
    assert Sample(at("10:24"), "events[24].occurred_at", "no", "e", "", '{"a":"è"}') == one.samples[0]
    assert [at(f"10:{minute:02}") for minute in range(24, 4, -1)] == [sample.at for sample in one.samples]


def test_each_filter_narrows(rows: Rows) -> None:
    """By code, by site, by whole hours of time."""
    rows.reject("10:10", "bad_time")
    rows.reject("11:20", "bad_time")
    rows.reject("11:30", "bad_key", site=2)
    rows.reject("12:40", "malformed", site=0)
    assert [(0, "malformed", 1), (2, "bad_key", 1), (1, "bad_time", 2)] == counts(find(rows))
    assert [(1, "bad_time", 2)] == counts(find(rows, codes=("bad_time",)))
    assert [(2, "bad_key", 1)] == counts(find(rows, sites=(2,)))
    assert [(2, "bad_key", 1), (1, "bad_time", 1)] == counts(find(rows, since=at("11:25"), until=at("11:40")))
    (one,) = find(rows, codes=("bad_time",), until=at("10:30"))
    assert (1, at("10:10"), 1) == (one.count, one.last_at, len(one.samples))


def test_pages_by_last_refusal(rows: Rows) -> None:
    """Behind the last row shown; rows of one instant are told apart."""
    for site in (1, 2, 3):
        rows.reject("10:00", "bad_key", site=site)
    first, second = find(rows, limit=2)
    assert (3, 2) == (first.site, second.site)
    assert [(1, "bad_key", 1)] == counts(find(rows, after=RejectionPlace(second.last_at, second.site, second.code)))


def test_counts_a_step_are_of_all_sites_together(rows: Rows) -> None:
    """By hours or days, by code; the filters narrow, and a step without any is left out."""
    for when, code, site in (
        ("10:10", "bad_time", 1), ("10:50", "bad_time", 2), ("10:55", "bad_key", 1), ("1d 09:00", "bad_time", 1),
    ):  # fmt: skip
        rows.reject(when, code, site=site)

    def counted(step: Step, **query: object) -> list[tuple[int, str, int]]:
        asked = RejectionQuery(**query)  # type: ignore[arg-type]  # a test's own words
        found = ask(rows.folder, lambda store: store.rejections.counts(asked, step=step))
        return [(one.at, one.code, one.count) for one in found]

    ten, nine = at("10:00"), at("1d 09:00")
    assert [(ten, "bad_key", 1), (ten, "bad_time", 2), (nine, "bad_time", 1)] == counted("hour")
    first, second = at("00:00"), at("1d 00:00")
    assert [(first, "bad_key", 1), (first, "bad_time", 2), (second, "bad_time", 1)] == counted("day")
    assert [(ten, "bad_time", 1)] == counted("hour", sites=(2,))
    assert [(ten, "bad_key", 1)] == counted("hour", codes=("bad_key",))
    assert [(nine, "bad_time", 1)] == counted("hour", since=at("11:00"))
