"""The dashboards as the bundle that Superset imports, made from dashboards.yml and the seeds.

dashboards.yml says which chart shows which measure; here is what a chart of each kind looks like. To add one
is a line there. Identifiers are made from names, so that a later import renews what an earlier one made.
"""

import csv
import io
import json
import uuid
import zipfile
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
NAMESPACE = uuid.UUID("6f0e1c1a-8d2b-5c55-9a53-5a7f3c1d2e4b")
WIDTHS = {"number": 3, "bar": 6, "columns": 6, "lines": 6, "wards": 6, "parts": 12, "table": 12, "rows": 12}
HEIGHTS = {
    "number": 22,
    "bar": 54,
    "columns": 54,
    "lines": 54,
    "wards": 54,
    "parts": 60,
    "table": 46,
    "rows": 60,
}
UNITS = {
    "percent": ("per cent", ",.1f"),
    "gbp": ("pounds", ".3~s"),
    "per_day": ("per day", ",.1f"),
    "days": ("days", ",.1f"),
    "ratio": ("per person", ",.2f"),
}


def identifier(*names: str) -> str:
    return str(uuid.uuid5(NAMESPACE, "/".join(names)))


def seed(name: str) -> list[dict[str, str]]:
    with (HERE.parent / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def variables() -> dict[str, str]:
    return yaml.safe_load((HERE.parent / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]


def review_period() -> str:
    """The period that the dashboards open with, in the words of the data set."""
    year, month = variables()["review_year_start"].split("-")[:2]
    names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    first = int(month) - 1
    return f"{names[first]} {year} to {names[first - 1]} {int(year) + (first > 0)}"


def evidence_sql() -> str:
    """All marts as one data set, with what people filter by in words."""
    marts = "\n    union all by name\n".join(
        f"    select '{row['recommendation_id']} {row['short_name']}' as recommendation, *\n"
        f"    from marts.{row['mart_name']}"
        for row in seed("recommendations")
    )
    return f"""\
with marts as (
{marts}
)
select
    *,
    strftime(period_start, '%b %Y') || ' to ' || strftime(period_end, '%b %Y') as period,
    case
        when area_type = 'ward' then area_name
        when area_code = '{variables()["partnership_borough_code"]}' then 'Whole borough'
    end as place,
    case
        when regexp_full_match(category, '\\d') then '0' || category
        else upper(category[1]) || replace(category[2:], '_', ' ')
    end as group_name,
    upper(category_2[1]) || replace(category_2[2:], '_', ' ') as group_2_name,
    period_end = max(period_end) over (partition by measure_id, period_type, area_type) as is_latest
from marts
"""


# ---- data sets -------------------------------------------------------------------------------------------


def database(path: Path) -> dict[str, Any]:
    connect = {"read_only": True, "config": {"enable_external_access": False}}
    return {
        "database_name": "Community safety",
        "sqlalchemy_uri": f"duckdb:///{path}",
        "expose_in_sqllab": True,
        **dict.fromkeys(
            ("allow_run_async", "allow_ctas", "allow_cvas", "allow_dml", "allow_csv_upload"), False
        ),
        "extra": {"engine_params": {"connect_args": connect}, "allows_virtual_table_explore": True},
        "uuid": identifier("database"),
        "version": "1.0.0",
    }


def datasets(spec: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = {}
    for name, columns in spec.items():
        schema, _, table = name.rpartition(".")
        found[name] = {
            "table_name": table,
            "schema": schema or None,
            "sql": None if schema else evidence_sql(),
            "main_dttm_col": "period_start" if "period_start" in columns else None,
            "columns": [
                {"column_name": column, "verbose_name": column.replace("_", " "), "type": kind.upper(),
                 "is_dttm": kind == "date", "groupby": True, "filterable": True}
                for column, kind in columns.items()
            ],
            "metrics": [{"metric_name": "count", "verbose_name": "Rows", "expression": "count(*)"}],
            "uuid": identifier("dataset", name),
            "database_uuid": identifier("database"),
            "version": "1.0.0",
        }  # fmt: skip
    return found


# ---- charts ----------------------------------------------------------------------------------------------


def metric(expression: str, label: str) -> dict[str, Any]:
    return {"expressionType": "SQL", "sqlExpression": expression, "label": label, "optionName": label}


def condition(sql: str) -> dict[str, Any]:
    return {"expressionType": "SQL", "sqlExpression": sql, "clause": "WHERE"}


def conditions(chart: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows that a chart of a measure shows, apart from period and place, which are filtered by."""
    kind, by = chart["kind"], chart.get("by", "all")
    rows = [f"measure_id = '{chart['measure']}'", f"breakdown = '{by}'"]
    rows.append(f"breakdown_2 = '{chart.get('by_2', 'all')}'")
    rows.append(f"recommendation_id = '{chart['recommendation']}'")
    period = chart.get("period", "calendar_month" if kind == "lines" else "review_year")
    rows.append(f"period_type = '{period}'")
    if kind != "lines" and period != "review_year":
        rows.append("is_latest")
    if kind == "wards":
        rows.append("area_type = 'ward'")
    rows.append(chart.get("where", "true"))
    return [condition(sql) for sql in rows if sql != "true"]


def params(chart: dict[str, Any], unit: str) -> dict[str, Any]:
    """The visualisation and its settings, as Superset names them."""
    label, number = UNITS.get(unit, ("number" if unit == "count" else unit, ",.0f"))
    value = metric("max(value)", label)
    if "metric" in chart:
        label, value = chart["label"], metric(chart["metric"], chart["label"])
    filters = conditions(chart) if "measure" in chart else [condition(chart.get("filter", "true"))]
    if chart["kind"] == "number":
        counted = unit == "count" and "measure" in chart
        return {
            "viz_type": "big_number_total",
            "metric": value,
            "subheader": "" if counted else label,
            "y_axis_format": number,
            "header_font_size": 0.3,
            "subheader_font_size": 0.15,
            "adhoc_filters": filters,
        }
    if chart["kind"] in ("parts", "rows"):
        return {
            "viz_type": "table",
            "query_mode": "raw",
            "all_columns": chart["columns"],
            "order_by_cols": [json.dumps([column, True]) for column in chart["order"]],
            "row_limit": 1000,
            "server_page_length": 20,
            "table_timestamp_format": "%Y-%m-%d",
            "show_cell_bars": False,
        }
    if chart["kind"] == "table":
        return measures_table(chart)
    return plot(chart, value, filters, ".0%" if "contribution" in chart else number)


def measures_table(chart: dict[str, Any]) -> dict[str, Any]:
    """A row for each measure that has a total: its value, or why there is none."""
    totals = "breakdown = 'all' and breakdown_2 = 'all' and period_type = 'review_year'"
    return {
        "viz_type": "table",
        "query_mode": "aggregate",
        "groupby": ["recommendation", "measure_name", "status"],
        "metrics": [
            metric("max(value)", "value"),
            metric("any_value(unit)", "unit"),
            metric("max(change_pct)", "change %"),
            metric("max(unknown_count)", "unknown"),
            metric("any_value(status_reason)", "why"),
        ],
        "timeseries_limit_metric": metric("min(recommendation_id)", "order"),
        "order_desc": False,
        "row_limit": 1000,
        "adhoc_filters": [condition(totals), condition(chart["where"])],
        "show_cell_bars": False,
        "column_config": {
            "value": {"d3NumberFormat": ",.1~f"},
            "change %": {"d3NumberFormat": "+,.1f"},
            "unknown": {"d3NumberFormat": ",.0f"},
        },
    }


def plot(chart: dict[str, Any], value: dict, filters: list[dict], number: str) -> dict[str, Any]:
    """Bars across or upright, or lines by month; `series` gives each of its values a colour."""
    kind = chart["kind"]
    lines, horizontal = kind == "lines", kind in ("bar", "wards")
    across = {"lines": "period_start", "wards": "area_name"}.get(kind, chart.get("x", "group_name"))
    series = chart.get("series", "group_name" if lines and "by" in chart else None)
    return {
        "viz_type": "echarts_timeseries_line" if lines else "echarts_timeseries_bar",
        "x_axis": across,
        "metrics": [value],
        "groupby": [series] if series else [],
        "adhoc_filters": filters,
        "row_limit": chart.get("rows", 1000),
        "order_desc": True,
        "time_grain_sqla": "P1M" if lines else None,
        "xAxisForceCategorical": not lines,
        "x_axis_sort": {"lines": None, "columns": across}.get(kind, value["label"]),
        "x_axis_sort_asc": True,
        "x_axis_sort_series": "name",
        "x_axis_sort_series_ascending": True,
        "x_axis_time_format": "%b %Y",
        "orientation": "horizontal" if horizontal else "vertical",
        "y_axis_format": number,
        "y_axis_title": value["label"],
        "y_axis_title_margin": 30 if horizontal else 15,
        "y_axis_title_position": "Left" if horizontal else "Top",
        "truncateYAxis": False,
        "contributionMode": chart.get("contribution"),
        "stack": chart.get("stack"),
        "only_total": True,
        "markerEnabled": lines,
        "markerSize": 5,
        "color_scheme": "community_safety",
        "show_legend": bool(series),
        "legendOrientation": "top",
        "legendType": "scroll",
        "rich_tooltip": True,
    }


def chart_asset(slug: str, chart: dict[str, Any], units: dict[str, str]) -> dict[str, Any]:
    settings = params(chart, units.get(chart.get("measure", ""), "count"))
    return {
        "slice_name": chart["title"],
        "viz_type": settings["viz_type"],
        "params": settings,
        "uuid": identifier("chart", slug, chart["title"]),
        "dataset_uuid": identifier("dataset", chart.get("dataset", "evidence")),
        "version": "1.0.0",
    }


# ---- dashboards ------------------------------------------------------------------------------------------


def filters(dashboard: dict[str, Any], ids: dict[str, int]) -> list[dict[str, Any]]:
    """Period, ward and recommendation, or the source for stewards.

    A chart that has its own period or its own places stays outside that filter.
    """

    def native(
        name: str, column: str, chosen: str | None, where: str, outside: list[int], dataset: str = "evidence"
    ) -> dict[str, Any]:
        values = [chosen] if chosen else []
        state = {"filterState": {"value": values or None}}
        if values:
            state["extraFormData"] = {"filters": [{"col": column, "op": "IN", "val": values}]}
        return {
            "id": f"NATIVE_FILTER-{name.lower()}",
            "name": name,
            "type": "NATIVE_FILTER",
            "filterType": "filter_select",
            "targets": [{"column": {"name": column}, "datasetUuid": identifier("dataset", dataset)}],
            "adhoc_filters": [condition(where)],
            "controlValues": {
                "multiSelect": not chosen,
                "enableEmptyFilter": bool(chosen),
                "sortAscending": True,
            },
            "defaultDataMask": state,
            "cascadeParentIds": [],
            "scope": {"rootPath": ["ROOT_ID"], "excluded": outside},
        }

    if not dashboard["recommendations"]:
        return [native("Source", "source", None, "true", [], dataset="quality.deliveries")]
    own_period = [ids[c["title"]] for c in dashboard["charts"] if c["kind"] == "lines" or "period" in c]
    own_place = [
        ids[c["title"]] for c in dashboard["charts"] if c["kind"] == "wards" or c.get("place") == "any"
    ]
    known = ", ".join(f"'{name}'" for name in dashboard["recommendations"])
    return [
        native("Period", "period", review_period(), "period_type = 'review_year'", own_period),
        native("Ward", "place", "Whole borough", "place is not null", own_place),
        native("Recommendation", "recommendation", None, f"recommendation_id in ({known})", []),
    ]


def position(dashboard: dict[str, Any], ids: dict[str, int], notice: str) -> dict[str, Any]:
    """Rows of at most twelve columns, in the order of the charts, under each recommendation's question."""
    found: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
        "HEADER_ID": {"type": "HEADER", "id": "HEADER_ID", "meta": {"text": dashboard["title"]}},
    }
    rows: list[str] = []
    parents = ["ROOT_ID", "GRID_ID"]

    def row(children: list[dict[str, Any]]) -> None:
        name = f"ROW-{len(rows) + 1}"
        for child in children:
            child["parents"] = [*parents, name]
            found[child["id"]] = child
        found[name] = {"type": "ROW", "id": name, "children": [child["id"] for child in children],
                       "meta": {"background": "BACKGROUND_TRANSPARENT"}, "parents": parents}  # fmt: skip
        rows.append(name)

    def words(text: str, height: int) -> dict[str, Any]:
        return {"type": "MARKDOWN", "id": f"MARKDOWN-{len(rows) + 1}", "children": [],
                "meta": {"code": text, "width": 12, "height": height}}  # fmt: skip

    row([words(notice, 8)])
    shown = None
    waiting: list[dict[str, Any]] = []
    for chart in dashboard["charts"]:
        heading = dashboard["headings"].get(chart.get("recommendation"))
        width = chart.get("width", WIDTHS[chart["kind"]])
        begins = heading is not None and heading != shown
        if waiting and (begins or sum(child["meta"]["width"] for child in waiting) + width > 12):
            row(waiting)
            waiting = []
        if begins:
            row([words(heading, 13)])
            shown = heading
        meta = {
            "chartId": ids[chart["title"]],
            "uuid": identifier("chart", dashboard["slug"], chart["title"]),
            "sliceName": chart["title"],
            "width": width,
            "height": HEIGHTS[chart["kind"]],
        }
        waiting.append({"type": "CHART", "id": f"CHART-{meta['chartId']}", "children": [], "meta": meta})
    row(waiting)
    found["GRID_ID"] = {"type": "GRID", "id": "GRID_ID", "children": rows, "parents": ["ROOT_ID"]}
    return found


def dashboard_asset(dashboard: dict[str, Any], notice: str) -> dict[str, Any]:
    ids = {chart["title"]: number for number, chart in enumerate(dashboard["charts"], 1)}
    assert len(ids) == len(dashboard["charts"]), f"two charts of {dashboard['slug']} have one title"
    return {
        "dashboard_title": dashboard["title"],
        "slug": dashboard["slug"],
        "published": True,
        "position": position(dashboard, ids, notice),
        "metadata": {
            "native_filter_configuration": filters(dashboard, ids),
            "color_scheme": "community_safety", "cross_filters_enabled": False, "refresh_frequency": 0,
            "filter_bar_orientation": "HORIZONTAL",
        },
        "uuid": identifier("dashboard", dashboard["slug"]),
        "version": "1.0.0",
    }  # fmt: skip


def dashboards() -> list[dict[str, Any]]:
    """The dashboards of dashboards.yml, those of a theme with its recommendations and a table of measures."""
    recommendations = seed("recommendations")
    found = []
    for dashboard in yaml.safe_load((HERE / "dashboards.yml").read_text(encoding="utf-8"))["dashboards"]:
        rows = [row for row in recommendations if row["theme"] == dashboard["slug"]]
        charts = list(dashboard["charts"])
        if rows:
            known = ", ".join(f"'{row['recommendation_id']}'" for row in rows)
            charts.append(
                {
                    "title": "All measures in one table",
                    "kind": "table",
                    "where": f"recommendation_id in ({known})",
                }
            )
        evidence = any(chart.get("dataset", "evidence") == "evidence" for chart in charts)
        asked = rows or (recommendations if evidence else [])
        found.append(
            {
                **dashboard,
                "charts": charts,
                "recommendations": [row["recommendation_id"] for row in asked],
                "headings": {
                    row[
                        "recommendation_id"
                    ]: f"### {row['recommendation_id']} {row['short_name']}\n{row['question']}"
                    for row in rows
                },
            }
        )
    return found


def notice_of(path: Path) -> str:
    """What stands above every dashboard: is the publication synthetic, and that empty is not nought."""
    manifest = json.loads((path.parent.parent / "manifest.json").read_text(encoding="utf-8"))
    origin = "**SYNTHETIC SAMPLE: no figure here is evidence.** " if manifest["synthetic"] else ""
    return origin + "Shares are of the known. What has no number was not measured: the table says why."


def bundle(path: Path) -> bytes:
    """The zip to import, over the published file at `path`."""
    spec = yaml.safe_load((HERE / "dashboards.yml").read_text(encoding="utf-8"))
    units = {row["measure_id"]: row["unit"] for row in seed("measures")}
    files: dict[str, dict[str, Any]] = {
        "metadata": {"version": "1.0.0", "type": "assets", "timestamp": "2024-01-01T00:00:00+00:00"},
        "databases/community_safety": database(path),
    }
    for name, dataset in datasets(spec["datasets"]).items():
        files[f"datasets/{name}"] = dataset
    for dashboard in dashboards():
        files[f"dashboards/{dashboard['slug']}"] = dashboard_asset(dashboard, notice_of(path))
        for chart in dashboard["charts"]:
            asset = chart_asset(dashboard["slug"], chart, units)
            files[f"charts/{asset['uuid']}"] = asset
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, asset in files.items():
            archive.writestr(
                f"dashboards/{name}.yaml", yaml.safe_dump(asset, allow_unicode=True, sort_keys=False)
            )
    return content.getvalue()
