"""The same mapping with DuckDB and with Polars, on two threads each.

    python3 peers.py FOLDER

A system is mapped to a configuration of its group's company that has one of its MACs, where neither has a claim to another. It
prints a line for each: its name, seconds, the systems mapped, and the sum of the ids that they are mapped to.
"""

import json
import os
import pathlib
import sys
import time

THREADS = 2
ROUNDS = 3
os.environ["POLARS_MAX_THREADS"] = str(THREADS)

import duckdb  # noqa: E402
import polars as pl  # noqa: E402

FOLDER = pathlib.Path(sys.argv[1])
SYSTEMS = str(FOLDER / "systems.jsonl")
CONFIGURATIONS = str(FOLDER / "configurations.jsonl")
COMPANIES = FOLDER / "companies.json"

SQL = f"""
WITH plain AS (
    SELECT id, "group", unnest(macs) AS mac
    FROM read_json('{SYSTEMS}', format='newline_delimited',
        columns={{'id': 'VARCHAR', 'group': 'VARCHAR', 'macs': 'VARCHAR[]'}})
), systems AS (
    SELECT id, company, lower(replace(replace(replace(mac, '-', ''), ':', ''), '.', '')) AS mac
    FROM plain JOIN companies USING ("group")
), configurations AS (
    SELECT id, company, lower(replace(replace(replace(mac_address, '-', ''), ':', ''), '.', '')) AS mac
    FROM read_json('{CONFIGURATIONS}', format='newline_delimited',
        columns={{'id': 'UINTEGER', 'company': 'UINTEGER', 'mac_address': 'VARCHAR'}})
), pairs AS (
    SELECT DISTINCT systems.id AS system, configurations.id AS configuration
    FROM systems JOIN configurations USING (company, mac)
), alone AS (
    SELECT system, min(configuration) AS configuration FROM pairs GROUP BY system HAVING count(*) = 1
), wanted AS (
    SELECT configuration FROM pairs GROUP BY configuration HAVING count(*) = 1
)
SELECT count(*), sum(configuration)::UBIGINT FROM alone JOIN wanted USING (configuration)
"""


def with_duckdb():
    connection = duckdb.connect(config={"threads": THREADS})
    connection.execute("CREATE TABLE companies (\"group\" VARCHAR, company UINTEGER)")
    names, ids = zip(*json.loads(COMPANIES.read_text()).items())
    connection.execute("INSERT INTO companies SELECT unnest(?), unnest(?)", [list(names), list(ids)])
    return connection.execute(SQL).fetchone()


def with_polars():
    def mac(column):
        return pl.col(column).str.replace_all("[-:.]", "").str.to_lowercase().alias("mac")

    companies = json.loads(COMPANIES.read_text())
    companies = pl.LazyFrame({"group": list(companies), "company": pl.Series(companies.values(), dtype=pl.UInt32)})
    systems = (
        pl.scan_ndjson(SYSTEMS, schema={"group": pl.String, "id": pl.String, "macs": pl.List(pl.String)})
        .explode("macs")
        .join(companies, on="group")
        .select(pl.col("id").alias("system"), "company", mac("macs"))
    )
    columns = {"id": pl.UInt32, "company": pl.UInt32, "name": pl.String, "type": pl.String, "mac_address": pl.String}
    configurations = pl.scan_ndjson(CONFIGURATIONS, schema=columns).select(
        pl.col("id").alias("configuration"), "company", mac("mac_address")
    )
    pairs = systems.join(configurations, on=["company", "mac"]).select("system", "configuration").unique()
    mapped = pairs.filter(
        (pl.len().over("system") == 1) & (pl.len().over("configuration") == 1)
    )
    return mapped.select(pl.len(), pl.col("configuration").cast(pl.UInt64).sum()).collect().row(0)


for name, run in (("DuckDB", with_duckdb), ("Polars", with_polars)):
    spent = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        count, total = run()
        spent.append(time.perf_counter() - start)
    print(name, f"{sorted(spent)[ROUNDS // 2]:.3f}", count, total)
