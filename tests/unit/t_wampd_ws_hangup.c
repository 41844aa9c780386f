/*
 * t_wampd_ws_hangup.c: peers that hang up at once are let go a few at a time,
 * on a loop of its own with real sockets.
 */
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tap.h"
#include "wampd/net/ws_hangup.h"

#define CROWD	(10 * HANGUP_TURN)
#define GOODBYE	((char)0x88)	/* how a close frame begins */

/* A connection as a transport would have it. */
struct conn {
	struct ws_hangup hangup;
	uv_poll_t     poll;
	int	      fd, theirs;
	bool	      ended;
};

static struct conn crowd[CROWD];
static uv_loop_t loop;
static struct ws_hangups *all;
static int ended;		/* in all */
static int held;		/* now */

static void
on_readable(uv_poll_t *poll, int status, int events)
{
	struct conn *c = poll->data;
	char byte;

	(void)status;
	(void)events;
	if (recv(c->fd, &byte, 1, MSG_DONTWAIT) == 1 && byte != GOODBYE)
		return;
	(void)uv_poll_stop(poll);
	ws_hangup_forget(all, &c->hangup);
	c->ended = true;
	ended++;
}

static void
on_hold(struct ws_hangup *h, bool on)
{
	struct conn *c = (struct conn *)(void *)h;	/* its first */

	held += on ? 1 : -1;
	if (on)
		(void)uv_poll_stop(&c->poll);
	else
		(void)uv_poll_start(&c->poll, UV_READABLE, on_readable);
}

static void
crowd_open(void)
{
	struct errbuf e;
	int i, fd[2];

	if (uv_loop_init(&loop) != 0 ||
	    (all = ws_hangups_new(&loop, on_hold, &e)) == NULL)
		abort();
	ended = held = 0;
	for (i = 0; i < CROWD; i++) {
		if (socketpair(AF_UNIX, SOCK_STREAM, 0, fd) == -1)
			abort();
		crowd[i] = (struct conn){ .fd = fd[0], .theirs = fd[1] };
		(void)uv_poll_init(&loop, &crowd[i].poll, fd[0]);
		crowd[i].poll.data = &crowd[i];
		(void)uv_poll_start(&crowd[i].poll, UV_READABLE, on_readable);
		if (ws_hangup_watch(all, &crowd[i].hangup, fd[0],
		    true) == -1)
			abort();
	}
}

static void
crowd_close(void)
{
	int i;

	ws_hangups_close(all);
	for (i = 0; i < CROWD; i++)
		uv_close((uv_handle_t *)&crowd[i].poll, NULL);
	(void)uv_run(&loop, UV_RUN_DEFAULT);
	for (i = 0; i < CROWD; i++)
		(void)close(crowd[i].fd);
	if (uv_loop_close(&loop) != 0)
		abort();
	ws_hangups_free(all);
}

/* How many ended in a turn. */
static int
turn(void)
{
	int before = ended;

	(void)ws_hangups_turn(all);
	(void)uv_run(&loop, UV_RUN_NOWAIT);
	return ended - before;
}

/* The handles of a crowd that leaves are ready before the set tells of it only
 * in the turn that finds the first ones out. */
static void
check_leaving(void)
{
	int n, most = 0, turns = 0;

	while (ended < CROWD && turns++ < CROWD) {
		n = turn();
		if (turns > 1 && n > most)
			most = n;
	}
	tap_int(ended, CROWD, "a crowd that leaves is let go");
	tap_ok(most <= HANGUP_TURN, "a few each turn");
	tap_ok(turns >= CROWD / HANGUP_TURN / 2, "in many turns");
	tap_ok(!ws_hangups_turn(all), "and nobody is held any more");
}

static void
test_crowd(void)
{
	int i;

	crowd_open();
	(void)turn();
	for (i = 0; i < CROWD; i++)
		(void)close(crowd[i].theirs);
	check_leaving();
	crowd_close();
}

static void
all_say(const char *byte)
{
	int i;

	for (i = 0; i < CROWD; i++)
		if (write(crowd[i].theirs, byte, 1) != 1)
			abort();
}

/* By close frames, after they have said something, and then nothing for a
 * while. */
static void
test_goodbyes(void)
{
	int i;

	crowd_open();
	(void)turn();
	all_say("\x81");
	for (i = 0; i < 10; i++)
		(void)turn();
	tap_ok(held == 0 && ended == 0, "who says something is not held");
	/* Nothing but the end of that while wakes the loop. */
	(void)uv_run(&loop, UV_RUN_ONCE);
	(void)turn();
	all_say("\x88");
	check_leaving();
	for (i = 0; i < CROWD; i++)
		(void)close(crowd[i].theirs);
	crowd_close();
}

/* One that writes, and then hangs up, is read to its end. */
static void
test_words(void)
{
	int i, turns;

	crowd_open();
	for (i = 0; i < CROWD; i++) {
		if (write(crowd[i].theirs, "bye", 3) != 3)
			abort();
		(void)shutdown(crowd[i].theirs, SHUT_WR);
	}
	for (turns = 0; ended < CROWD && turns < 10 * CROWD; turns++)
		(void)turn();
	tap_int(ended, CROWD, "last words are heard, then all are let go");
	for (i = 0; i < CROWD; i++)
		(void)close(crowd[i].theirs);
	crowd_close();
}

/* Those who are closed for another reason while they are held. */
static void
test_forget(void)
{
	int i;

	crowd_open();
	for (i = 0; i < CROWD; i++)
		(void)close(crowd[i].theirs);
	(void)turn();
	for (i = 0; i < CROWD; i++)
		if (!crowd[i].ended)
			ws_hangup_forget(all, &crowd[i].hangup);
	tap_ok(!ws_hangups_turn(all), "who is forgotten is not held");
	crowd_close();
}

int
main(void)
{
	struct rlimit files;

	/* A login has 1024, which the crowd's two ends each exceed. */
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
	test_crowd();
	test_goodbyes();
	test_words();
	test_forget();
	return tap_done();
}
