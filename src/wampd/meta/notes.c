/*
 * notes.c: events that wait until they are published.
 */
#include "wampd/meta/notes.h"

#include <inttypes.h>

#include "base/clock.h"

static int
add_head(struct notes *n, enum watch_topic what, int64_t wall)
{
	char time[CLOCK_ISO_SIZE];

	if (buf_addf(&n->text, "{\"number\":%" PRIu64 ",\"time\":\"%s\"",
	    n->number[what], clock_iso_of(time, wall)) == -1)
		return -1;
	return n->lost[what] == 0 ? 0 :
	    buf_addf(&n->text, ",\"lost\":%" PRIu64, n->lost[what]);
}

bool
notes_begin(struct notes *n, enum watch_topic what, int64_t wall)
{
	struct note *note = &n->v[n->n];
	size_t off = n->text.len;

	n->number[what]++;
	if (n->n < NOTES_MAX && off < NOTES_BYTES) {
		note->what = what;
		note->off = off;
		if (add_head(n, what, wall) == 0)
			return true;
		n->text.len = off;
	}
	n->lost[what]++;
	return false;
}

bool
notes_end(struct notes *n, int rc)
{
	struct note *note = &n->v[n->n];

	if (rc == -1 || buf_add_char(&n->text, '}') == -1) {
		n->text.len = note->off;
		n->lost[note->what]++;
		return false;
	}
	note->len = n->text.len - note->off;
	n->lost[note->what] = 0;
	n->n++;
	return true;
}

void
notes_clear(struct notes *n)
{
	buf_clear(&n->text);
	n->n = 0;
}
