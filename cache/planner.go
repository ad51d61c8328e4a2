package cache

/*
#include <stddef.h>

// The driver keeps sqlite3.h to itself.
typedef struct sqlite3 sqlite3;
extern int sqlite3_auto_extension(void (*entry)(void));
extern int sqlite3_db_config(sqlite3 *db, int option, ...);

// 1007 is SQLITE_DBCONFIG_ENABLE_QPSG, the query planner stability guarantee.
static int planOnce(sqlite3 *db, char **message, const void *api) { return sqlite3_db_config(db, 1007, 1, (int *)NULL); }

static void planEachStatementOnce(void) { sqlite3_auto_extension((void (*)(void))planOnce); }
*/
import "C"

// A statement that is kept for the next time keeps its plan, too. SQLite would else make a new one each time a value is bound
// that might let it use a partial index: for most of what the list and the engine ask, which costs more than the answer.
func init() { C.planEachStatementOnce() }
