/*
 * exec_message.c: what a handler's child is told.
 */
#include "wampd/handlers/exec_message.h"

#include <inttypes.h>
#include <string.h>

#include "wampd/core/topic.h"
#include "wampd/handlers/program_view.h"

/* JSON allows newlines between its tokens, and peers may send some; a message
 * to the child must be one line. */
static void
make_one_line(char *p, size_t len)
{
	char *nl;

	while ((nl = memchr(p, '\n', len)) != NULL) {
		*nl = ' ';
		len -= (size_t)(nl - p);
		p = nl;
	}
}

static int
add_topic(struct buf *out, const struct topic *t)
{
	return buf_add_str(out, ",\"topic\":") == -1 ||
	    buf_add_slice(out, t->json) == -1 ||
	    buf_add_str(out, ",\"route\":") == -1 ||
	    program_view_route(t, out) == -1 ||
	    buf_add_str(out, ",\"attributes\":") == -1 ||
	    buf_add_slice(out, t->attributes) == -1 ? -1 : 0;
}

int
exec_message(struct buf *out, const struct exec_message *m)
{
	size_t start = out->len;

	if (buf_addf(out, "{\"type\":\"%s\"", m->type) == -1 ||
	    (m->id != 0 && buf_addf(out, ",\"id\":%" PRIu64, m->id) == -1) ||
	    buf_add_str(out, ",\"session\":") == -1 ||
	    program_view_session(m->session, out) == -1 ||
	    (m->topic != NULL && add_topic(out, m->topic) == -1) ||
	    (m->key != NULL && (buf_addf(out, ",\"%s\":", m->key) == -1 ||
	    buf_add_slice(out, m->value) == -1)) ||
	    buf_add_str(out, "}\n") == -1) {
		out->len = start;
		return -1;
	}
	make_one_line(out->data + start, out->len - start - 1);
	return 0;
}
