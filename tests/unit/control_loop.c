/*
 * control_loop.c: the control socket's transport on a loop of its own.
 */
#include "control_loop.h"

#include <stdlib.h>
#include <sys/socket.h>

#include "tap.h"

struct loop *
loop_open(void)
{
	struct broker_settings set = fake_settings();
	struct errbuf e;
	struct loop *s;

	/* Small, so that publishers are paused soon; nobody is dropped for
	 * being slow on a slow machine. */
	set.limit_queue = 16384;
	set.limit_message = LOOP_LARGE + 100;
	set.stall = INT64_MAX / 2;
	s = loop_new(&set);
	if ((s->control = control_new(s->streams, s->broker, &e)) == NULL)
		abort();
	return s;
}

int
peer_connect(int *theirs)
{
	return peer_pair(SOCK_STREAM, theirs);
}

int
peer_open(struct loop *s)
{
	int fd, theirs;

	fd = peer_connect(&theirs);
	control_adopt(s->control, theirs);
	return fd;
}

/* ---- messages ---- */

struct buf
numbered(int type, int n)
{
	struct buf text = { 0 };
	int i;

	for (i = 0; i < n; i++)
		if (buf_addf(&text, "[%d,\"t\",\"%060d\"]\n", type, i) == -1)
			abort();
	return text;
}

void
check_numbered(const struct buf *got, int n, const char *what)
{
	struct buf want = numbered(8, n);

	tap_int((int64_t)got->len, (int64_t)want.len, "%s: all of it", what);
	tap_ok(slice_eq(buf_slice(got), buf_slice(&want)), "%s: in order",
	    what);
	buf_clear(&want);
}

struct fake_peer *
listener(struct loop *s)
{
	struct fake_peer *p = fake_open(s->broker, WIRE_LINE);

	fake_say(p, "[5,\"t\"]");
	return p;
}
