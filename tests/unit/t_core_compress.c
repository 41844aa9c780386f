/*
 * t_core_compress.c: sessions that take compressed messages, beside sessions
 * that do not.
 */
#include <stdlib.h>
#include <string.h>

#include "core_fake.h"
#include "tap.h"
#include "wampd/core/broker.h"
#include "wampd/core/protocol.h"
#include "wampd/core/publish.h"
#include "wampd/core/receive.h"
#include "wampd/core/topic.h"
#include "wampd/core/turn.h"

#define PEERS	6
#define LARGE	200	/* bytes of an event */

/* ---- a compressor that only counts ---- */

struct counting {
	unsigned n;		/* calls */
	bool	 fails;
};

/* A text of 200 bytes becomes "packed 200". */
static bool
count_text(void *ctx, struct slice text, struct buf *out)
{
	struct counting *c = ctx;

	c->n++;
	if (!c->fails && buf_addf(out, "packed %zu", text.len) == -1)
		abort();
	return !c->fails;
}

static const struct handler_type open_type = { .name = "broadcast" };
static const struct handler_type closed_type = { .name = "closed" };
static const struct handler_type *const types[] = { &open_type, &closed_type,
    NULL };

/* ---- a broker with peers ---- */

struct stage {
	struct broker	*b;
	struct counting  c;
	struct core_peer p[PEERS];
	size_t		 n;
};

static void
join(struct core_peer *p, const char *topic)
{
	(void)receive_message(p->session, slice_str(topic), false);
}

/* A peer for each letter: "l" has lines, "w" a WebSocket, "c" one that takes
 * compressed messages. */
static void
stage_open(struct stage *st, const char *kinds)
{
	struct broker_settings set = core_settings();
	struct broker_parts parts = { .types = types };

	memset(st, 0, sizeof(*st));
	set.keepalive = 1000;
	st->b = core_broker(&set, &parts);
	st->b->compressor = (struct compressor){ .compress = count_text,
	    .ctx = &st->c };
	for (; *kinds != '\0'; kinds++) {
		struct core_peer *p = &st->p[st->n++];

		if (*kinds == 'l')
			core_peer_open(p, st->b);
		else
			core_peer_open_ws(p, st->b, *kinds == 'c');
		join(p, "t");
	}
	(void)turn_end(st->b);
	for (size_t i = 0; i < st->n; i++)
		buf_reset(&st->p[i].out);
}

static void
stage_close(struct stage *st)
{
	size_t i;

	(void)turn_end(st->b);
	tap_int((int64_t)st->b->pressure.frame_bytes, 0, "no frame is left");
	tap_int((int64_t)st->b->pressure.kept_frames, 0,
	    "nor one of a retained event");
	broker_free(st->b);
	for (i = 0; i < st->n; i++)
		buf_clear(&st->p[i].out);
}

static struct slice
text_of(size_t len)
{
	static char digits[1000];

	memset(digits, '7', sizeof(digits));
	return slice_of(digits, len);
}

/* An event of that many bytes, on the topic "t". */
static struct publication
event_of(struct stage *st, size_t len)
{
	return (struct publication){ .broker = st->b,
	    .topic = topic_obtain(&st->b->topics, SLICE("t")),
	    .event = text_of(len) };
}

/* Publish, and end the turn.  Returns how many sessions get the event. */
static long
say(struct stage *st, struct publication *p)
{
	struct failure f;
	long delivered;

	if (p->topic == NULL || publish(p, &delivered, &f) != VERDICT_YES)
		abort();
	(void)turn_end(st->b);
	return delivered;
}

static long
say_event(struct stage *st, size_t len)
{
	struct publication p = event_of(st, len);

	return say(st, &p);
}

/* What came first to each peer: "l" for a line, "w" for a frame, "c" for a
 * compressed frame, "-" for nothing. */
static const char *
got(struct stage *st)
{
	static const char packed[] = "\xc1\x0apacked 202";
	static char letters[PEERS + 1];
	size_t i;

	memset(letters, 0, sizeof(letters));
	for (i = 0; i < st->n; i++) {
		struct slice out = buf_slice(&st->p[i].out);

		if (slice_starts(out, SLICE("\x81")))
			letters[i] = 'w';
		else if (slice_starts(out, slice_str(packed)))
			letters[i] = 'c';
		else
			letters[i] = out.len == 0 ? '-' : 'l';
		buf_reset(&st->p[i].out);
	}
	return letters;
}

/* ---- events ---- */

static void
test_mixed(const char *kinds, unsigned calls)
{
	struct stage st;

	stage_open(&st, kinds);
	tap_int(say_event(&st, LARGE), (int64_t)strlen(kinds),
	    "%s: all get the event", kinds);
	tap_str(got(&st), kinds, "each in its form");
	tap_int(st.c.n, calls, "it is compressed once, if at all");
	tap_int((int64_t)st.b->stats.frames_compressed, calls,
	    "that is counted");
	tap_int(say_event(&st, 10), (int64_t)strlen(kinds),
	    "all get a small event");
	tap_int(st.c.n, calls, "which is not compressed");
	tap_ok(strchr(got(&st), 'c') == NULL, "for nobody");
	stage_close(&st);
}

static void
test_dense(void)
{
	struct stage st;

	stage_open(&st, "wccl");
	st.c.fails = true;
	tap_int(say_event(&st, LARGE), 4, "an event that does not get smaller");
	tap_str(got(&st), "wwwl", "comes as it is");
	tap_int(st.c.n, 1, "that was tried once");
	tap_int((int64_t)st.b->stats.frames_compressed, 0, "and not counted");
	st.b->compressor.compress = NULL;
	tap_int(say_event(&st, LARGE), 4, "without a compressor");
	tap_str(got(&st), "wwwl", "all come as they are");
	stage_close(&st);
}

/* Each form is also made once where the audience is smaller. */
static void
test_audience(void)
{
	struct publication p;
	struct buf ids = { 0 };
	struct stage st;
	size_t i;

	stage_open(&st, "cwccw");
	p = event_of(&st, LARGE);
	p.from = st.p[0].session;
	p.to.flags = AUDIENCE_EXCLUDE_ME;
	tap_int(say(&st, &p), 4, "the publisher is excluded");
	tap_str(got(&st), "-wccw", "the others get the event");
	tap_int(st.c.n, 1, "compressed once");

	for (i = 1; i < 4; i++)
		if (buf_addf(&ids, "%s\"%s\"", i > 1 ? "," : "",
		    st.p[i].session->id) == -1)
			abort();
	p.to.flags = AUDIENCE_ELIGIBLE;
	p.to.eligible = buf_slice(&ids);
	tap_int(say(&st, &p), 3, "three are eligible");
	tap_str(got(&st), "-wcc-", "they get the event");
	tap_int(st.c.n, 2, "compressed once");
	buf_clear(&ids);
	stage_close(&st);
}

/* A peer that has left in this turn is no reason to touch its connection. */
static void
test_left(void)
{
	struct stage st;

	stage_open(&st, "cwc");
	session_gone(st.p[0].session, "left");
	session_gone(st.p[2].session, "left");
	tap_int(say_event(&st, LARGE), 1, "those who left get nothing");
	tap_str(got(&st), "-w-", "the other does");
	stage_close(&st);
}

static struct frame *
second_event(struct broker *b, const struct topic *t, struct slice event,
    bool newline, const struct event *mark)
{
	struct slice parts[] = { SLICE("2 "), event };

	(void)t;
	(void)mark;
	return frame_new(&b->pressure.frame_bytes, parts, 2, newline);
}

/* Two protocols, and sessions of each that take compressed messages. */
static void
test_protocols(void)
{
	struct protocol second;
	struct stage st;
	uint64_t frames;
	size_t i;

	stage_open(&st, "wccwcc");
	second = *st.p[0].session->protocol;
	second.event = second_event;
	for (i = 2; i < 6; i++)
		st.p[i].session->protocol = &second;
	st.p[3].session->plain = &second;
	frames = st.b->stats.frames_allocated;
	tap_int(say_event(&st, LARGE), 6, "all get the event");
	tap_str(got(&st), "wccwcc", "each in its form and protocol");
	tap_int((int64_t)(st.b->stats.frames_allocated - frames), 2,
	    "there is a frame for each protocol");
	tap_int((int64_t)st.b->stats.frames_compressed, 2,
	    "and a compressed one for each");
	stage_close(&st);
}

/* ---- retained events ---- */

static void
retain(struct stage *st, size_t len)
{
	struct publication p = event_of(st, len);

	p.topic = topic_obtain(&st->b->topics, SLICE("u"));
	p.retain = true;
	(void)say(st, &p);
}

/* Let all subscribe to "u", and write nothing yet. */
static void
crowd(struct stage *st)
{
	size_t i;

	for (i = 0; i < st->n; i++)
		join(&st->p[i], "u");
}

static void
test_retained(void)
{
	struct stage st;
	uint64_t frames;

	stage_open(&st, "cwccwl");
	retain(&st, LARGE);
	tap_int(st.c.n, 0, "what nobody gets is not compressed");
	frames = st.b->stats.frames_allocated;
	crowd(&st);
	tap_int((int64_t)(st.b->stats.frames_allocated - frames), 2,
	    "a crowd shares what is retained");
	tap_int(st.c.n, 1, "it is compressed once");
	tap_int((int64_t)st.b->pressure.frame_bytes, 0,
	    "it does not count as waiting");
	tap_ok(st.b->pressure.kept_frames > LARGE, "but as retained");
	retain(&st, 10);
	tap_int((int64_t)st.b->pressure.kept_frames, 0,
	    "until another event takes its place");
	tap_str(got(&st), "cwccwl", "all get it in their form");
	stage_close(&st);
}

static void
test_retained_dense(void)
{
	struct stage st;
	uint64_t frames;

	stage_open(&st, "ccwccw");
	st.c.fails = true;
	retain(&st, LARGE);
	frames = st.b->stats.frames_allocated;
	crowd(&st);
	tap_int((int64_t)(st.b->stats.frames_allocated - frames), 1,
	    "all share a retained event that does not get smaller");
	tap_int(st.c.n, 1, "which was tried once");
	(void)turn_end(st.b);
	tap_str(got(&st), "wwwwww", "all get it as it is");
	stage_close(&st);
}

/* ---- other messages ---- */

static void
test_messages(void)
{
	struct slice part = text_of(LARGE + 2);
	struct stage st;
	size_t i;

	stage_open(&st, "wc");
	for (i = 0; i < st.n; i++)
		session_send_parts(st.p[i].session, &part, 1, false);
	(void)turn_end(st.b);
	tap_str(got(&st), "wc", "an answer comes in each form");
	broker_set_now(st.b, 5000);
	(void)turn_end(st.b);
	for (i = 0; i < 2; i++)
		tap_slice(buf_slice(&st.p[i].out), "\x89\x05wampd",
		    "a ping is the same for all");
	tap_int(st.c.n, 1, "it is not compressed");
	stage_close(&st);
}

int
main(void)
{
	test_mixed("lwc", 1);
	test_mixed("wlccwc", 1);
	test_mixed("cwlccl", 1);
	test_mixed("ccc", 1);
	test_mixed("lwwl", 0);
	test_dense();
	test_audience();
	test_left();
	test_protocols();
	test_retained();
	test_retained_dense();
	test_messages();
	return tap_done();
}
