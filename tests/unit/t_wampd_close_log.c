/*
 * t_wampd_close_log.c: the one line that says why a session was closed, and a
 * log that stays small whatever clients do.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "fake.h"
#include "tap.h"
#include "wampd/core/turn.h"

/* What was logged about the ends of sessions. */
struct ends {
	char	 id[SESSION_ID_SIZE];	/* whose lines are counted */
	unsigned lines;
	char	 last[512];
};

static void
on_line(void *ctx, enum log_level level, const char *message)
{
	struct ends *x = ctx;
	char begin[64];

	(void)level;
	(void)snprintf(begin, sizeof(begin), "session=%s close ", x->id);
	if (strncmp(message, begin, strlen(begin)) != 0)
		return;
	x->lines++;
	(void)snprintf(x->last, sizeof(x->last), "%s", message);
}

/* A way to close p.  other may help. */
struct way {
	const char *reason;	/* a part of the line */
	void	  (*close)(struct broker *b, struct fake_peer *p,
		    struct fake_peer *other);
};

static void
by_leaving(struct broker *b, struct fake_peer *p, struct fake_peer *other)
{
	(void)b;
	(void)other;
	fake_leave(p);
}

static void
by_violation(struct broker *b, struct fake_peer *p, struct fake_peer *other)
{
	(void)b;
	(void)other;
	(void)fake_say(p, "[99]");
	(void)fake_say(p, "[99]");
}

static void
by_kick(struct broker *b, struct fake_peer *p, struct fake_peer *other)
{
	(void)b;
	(void)fake_say(other, "[2,\"1\",\"wampd.kick\",\"%s\"]", p->id);
	(void)fake_say(other, "[2,\"2\",\"wampd.kick\",\"%s\"]", p->id);
}

static void
by_silence(struct broker *b, struct fake_peer *p, struct fake_peer *other)
{
	(void)p;
	(void)other;
	fake_pass(b, 10000);
}

static void
by_being_slow(struct broker *b, struct fake_peer *p, struct fake_peer *other)
{
	(void)fake_say(p, "[5,\"t\"]");
	p->room = 0;
	p->silent = true;
	fake_flood(b, other);
	fake_pass(b, 20000);
}

static void
by_breaking(struct broker *b, struct fake_peer *p, struct fake_peer *other)
{
	(void)fake_say(p, "[5,\"t\"]");
	p->broken = true;
	(void)fake_say(other, "[7,\"t\",1]");
	fake_turn(b);
}

static void
by_drain(struct broker *b, struct fake_peer *p, struct fake_peer *other)
{
	(void)p;
	(void)other;
	drain_begin(b, 100, false);
	fake_pass(b, 10000);
}

static void
by_stopping(struct broker *b, struct fake_peer *p, struct fake_peer *other)
{
	(void)p;
	(void)other;
	turn_stop(b, 0);
}

static void
by_nothing(struct broker *b, struct fake_peer *p, struct fake_peer *other)
{
	(void)b;
	(void)p;
	(void)other;
}

static const struct way ways[] = {
	{ "code=0 reason=left ", by_leaving },
	{ "code=1007 reason=\"unknown message type\"", by_violation },
	{ "reason=\"closed by an administrator\"", by_kick },
	{ "reason=\"no answer to the last ping\" ", by_silence },
	{ "reason=\"too slow: it did not read\" ", by_being_slow },
	{ "reason=\"the connection is broken\" ", by_breaking },
	{ "reason=\"the server is drained\"", by_drain },
	{ "reason=\"the server stops\" ", by_stopping },
	{ "reason=\"the server stops\" ", by_nothing },
};

static void
test_way(const struct way *way)
{
	struct broker_settings set = fake_settings();
	struct fake_peer *p, *other;
	struct ends ends = { .lines = 0 };
	struct broker *b;

	set.limit_queue = 10000;
	if (way->close == by_silence)
		set.keepalive = 1000;
	b = fake_broker(&set);
	log_init("test", LOG_LEVEL_INFO, LOG_FORMAT_TEXT);
	other = fake_open(b, WIRE_LINE);
	p = fake_open(b, WIRE_WS);
	memcpy(ends.id, p->id, sizeof(ends.id));
	log_watch(on_line, &ends);
	(void)fake_say(p, "[2,\"1\",\"wampd.echo\"]");
	way->close(b, p, other);
	fake_turn(b);
	fake_end(b);
	log_watch(NULL, NULL);
	tap_int(ends.lines, 1, "one line: %s", way->reason);
	tap_ok(strstr(ends.last, way->reason) != NULL &&
	    strstr(ends.last, " duration=") != NULL &&
	    strstr(ends.last, " messages=") != NULL &&
	    strstr(ends.last, " messages=0") == NULL &&
	    strstr(ends.last, " bytes=") != NULL, "it says why: %s",
	    ends.last);
}

/* ---- floods ---- */

#define ROUNDS	10
#define CLIENTS	10000

static void
violate(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b;
	int i;

	set.limit_sessions = set.limit_sessions_address = CLIENTS * 2;
	b = fake_broker(&set);
	log_init("test", LOG_LEVEL_INFO, LOG_FORMAT_TEXT);
	for (i = 0; i < CLIENTS; i++) {
		(void)fake_say(fake_open(b, WIRE_WS), "[99]");
		fake_turn(b);
	}
	fake_end(b);
}

static void
test_violations(void)
{
	struct stat st;
	int i;

	log_set_limits(20, 1000);
	for (i = 0; i < ROUNDS; i++)
		violate();
	log_close();		/* tells what was not logged */
	if (fstat(STDERR_FILENO, &st) == -1)
		abort();
	tap_ok(st.st_size > 0 && st.st_size < 1 << 20, "%d violations leave a "
	    "log of %lld bytes", ROUNDS * CLIENTS, (long long)st.st_size);
}

int
main(void)
{
	char path[] = "/tmp/t_wampd_close_log.XXXXXX";
	int fd = mkstemp(path);
	size_t i;

	if (fd == -1 || dup2(fd, STDERR_FILENO) == -1)
		abort();
	(void)close(fd);
	(void)unlink(path);
	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		test_way(&ways[i]);
	if (ftruncate(STDERR_FILENO, 0) == -1)
		abort();
	test_violations();
	return tap_done();
}
