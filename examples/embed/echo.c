/*
 * echo.c: a program with a WAMP client inside.  It subscribes to a topic,
 * publishes an event on it, and prints the first event that comes.
 *
 *	cc echo.c $(pkg-config --cflags --libs wamp) -o echo
 *	./echo oro/maintenance '{"isOn":true}'
 *
 * WAMP_URL names a WebSocket server; without it, the control socket is used.
 * More is in libwamp(3).
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "client/client.h"
#include "proto/json.h"
#include "proto/wamp1.h"

/* Called while the client waits. */
static void
on_event(void *arg, const struct wamp_msg *m)
{
	bool *heard = arg;

	printf("%.*s\n", (int)m->event.text.len, m->event.text.p);
	*heard = true;
}

/* A server need not say why it refuses an event; wampd does. */
static void
on_refused(void *arg, const struct wamp_msg *m)
{
	struct errbuf e;

	(void)arg;
	client_explain(&e, m->uri.text, m->desc.text);
	fprintf(stderr, "echo: %s\n", e.msg);
	exit(EXIT_REFUSED);
}

static enum exit_status
echo(struct client *c, struct slice topic, struct slice event,
    const bool *heard, struct errbuf *e)
{
	struct slice parts[WAMP1_PARTS_MAX], none = { NULL, 0 };
	enum exit_status status;
	size_t n;

	n = wamp1_subscribe(parts, topic);
	if ((status = client_send(c, parts, n, e)) != EXIT_DONE)
		return status;
	n = wamp1_publish(parts, topic, event, none, none);
	if ((status = client_send(c, parts, n, e)) != EXIT_DONE)
		return status;
	while (!*heard && status == EXIT_DONE)
		status = client_wait(c, -1, -1, NULL, e);
	return status;
}

int
main(int argc, char **argv)
{
	bool heard = false;
	struct client_target where = { .timeout_ms = 10000 };
	struct client_events events = { .event = on_event,
	    .refused = on_refused, .arg = &heard };
	struct client_attempt once = { .wake_fd = -1 };
	struct client *c;
	struct buf topic = { 0 };
	struct errbuf e = { "out of memory" };
	enum exit_status status = EXIT_WORK;

	if (argc != 3) {
		fprintf(stderr, "usage: echo TOPIC JSON\n");
		return EXIT_USAGE;
	}
	where.url = getenv("WAMP_URL");
	if (json_quote(&topic, slice_str(argv[1])) == 0 &&
	    (status = client_open(&c, &where, &events, &once, &e)) ==
	    EXIT_DONE) {
		status = echo(c, buf_slice(&topic), slice_str(argv[2]),
		    &heard, &e);
		if (status == EXIT_DONE)
			status = client_close(c, &e);
		else
			client_free(c);
	}
	if (status != EXIT_DONE)
		fprintf(stderr, "echo: %s\n", e.msg);
	buf_clear(&topic);
	return (int)status;
}
