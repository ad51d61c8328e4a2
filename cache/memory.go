package cache

/*
#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
static void trim(void) { malloc_trim(0); }
#else
static void trim(void) {}
#endif
*/
import "C"

import "context"

// Slim gives back the memory that a large job filled. What SQLite frees the C library keeps, scattered over the arenas of
// many threads, unless it is asked: 9 MiB after a first synchronisation.
func (s *Store) Slim(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := s.conn.ExecContext(ctx, "PRAGMA shrink_memory")
	C.trim()
	return fail("give memory back", err)
}
