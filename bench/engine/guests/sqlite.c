/* SQLite on a database in memory: inserts, an index, joins, text, an aggregate; as a program would use it. */
#include "bench.h"
#include "sqlite3.h"
#include <stdio.h>
#include <stdlib.h>

static void check(sqlite3 *db, int status) {
  if (status == SQLITE_OK || status == SQLITE_DONE || status == SQLITE_ROW) return;
  fprintf(stderr, "sqlite: %s\n", sqlite3_errmsg(db));
  exit(1);
}

static int row(void *hash, int columns, char **values, char **names) {
  (void)names;
  for (int i = 0; i < columns; i++)
    for (const char *c = values[i] ? values[i] : ""; *c; c++) *(uint32_t *)hash = (*(uint32_t *)hash ^ (uint8_t)*c) * 16777619u;
  return 0;
}

uint32_t work(void) {
  sqlite3 *db;
  sqlite3_stmt *insert;
  uint32_t hash = 2166136261u;
  check(0, sqlite3_open(":memory:", &db));
  check(db, sqlite3_exec(db, "create table goods(id integer primary key, name text, price integer, kind integer);"
                             "create table kinds(id integer primary key, label text); begin", 0, 0, 0));
  check(db, sqlite3_prepare_v2(db, "insert into goods(name, price, kind) values('thing ' || ?1, (?1 * 7919) % 1000, ?1 % 50)", -1, &insert, 0));
  for (int i = 0; i < 12000; i++) {
    sqlite3_bind_int(insert, 1, i);
    check(db, sqlite3_step(insert));
    sqlite3_reset(insert);
  }
  sqlite3_finalize(insert);
  check(db, sqlite3_exec(db, "with recursive n(i) as (select 0 union all select i + 1 from n where i < 49)"
                             "insert into kinds select i, 'kind ' || i from n; commit; create index by_price on goods(price)", 0, 0, 0));
  check(db, sqlite3_exec(db, "select label, count(*), sum(price) from goods join kinds on kinds.id = kind group by label order by 3 desc", row, &hash, 0));
  check(db, sqlite3_exec(db, "select count(*) from goods where name like '%77%'", row, &hash, 0));
  check(db, sqlite3_exec(db, "select max(name), upper(substr(name, 3)) from goods where price between 100 and 300 group by price % 20", row, &hash, 0));
  check(db, sqlite3_exec(db, "update goods set price = price + 1 where kind < 25; delete from goods where price > 900;"
                             "select count(*), avg(price) from goods", row, &hash, 0));
  sqlite3_close(db);
  return hash;
}
