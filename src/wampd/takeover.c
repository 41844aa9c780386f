/*
 * takeover.c: taking over from a wampd that runs (wampd --takeover).
 *
 * All this happens before there is a loop, so it may block, with a limit.
 */
#include "wampd/takeover.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/io.h"
#include "base/log.h"
#include "base/path.h"
#include "client/client.h"
#include "proto/json.h"
#include "proto/wamp1.h"
#include "wampd/core/broker.h"
#include "wampd/core/handover.h"
#include "wampd/net/pass.h"

#define ANSWER_SECONDS	10	/* for each answer of the old process */
#define LINE_MAX_BYTES	(1u << 20)
#define KEPT_MAX	SIZE_MAX

/* ---- messages ---- */

static int
open_control(const char *path, struct errbuf *e)
{
	const struct timeval bound = { .tv_sec = ANSWER_SECONDS };
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd;

	if (path_check_socket(path, e) == -1)
		return -1;
	memcpy(sun.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd != -1 && setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &bound,
	    sizeof(bound)) == 0 && setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO,
	    &bound, sizeof(bound)) == 0 &&
	    connect(fd, (struct sockaddr *)&sun, sizeof(sun)) == 0)
		return fd;
	err_set_errno(e, "no wampd to take over from at %s", path);
	if (fd != -1)
		(void)close(fd);
	return -1;
}

/* Descriptors that came with the messages, until somebody takes them. */
struct passed {
	int	fds[PASS_MAX];
	size_t	n;		/* came */
	size_t	used;
};

static void
passed_clear(struct passed *p)
{
	for (; p->used < p->n; p->used++)
		(void)close(p->fds[p->used]);
}

static int
passed_take(struct passed *p)
{
	return p->used < p->n ? p->fds[p->used++] : -1;
}

/* Read until there is a whole line, which *line borrows from t->in.  0 or
 * -1. */
static int
read_line(struct takeover *t, struct passed *p, struct slice *line,
    struct errbuf *e)
{
	char more[4096];
	const char *nl;
	ssize_t n;

	while (t->in.len == 0 ||
	    (nl = memchr(t->in.data, '\n', t->in.len)) == NULL) {
		n = pass_receive(t->fd, more, sizeof(more), p->fds, &p->n);
		if (n == 0)
			err_set(e, "the old wampd has closed the connection");
		else if (n == -1 && errno == EAGAIN)
			err_set(e, "the old wampd does not answer");
		else if (n == -1)
			err_set_errno(e, "control socket");
		else if (t->in.len > LINE_MAX_BYTES)
			err_set(e, "the old wampd sends an endless line");
		else if (buf_add(&t->in, more, (size_t)n) == -1)
			err_set(e, "out of memory");
		else
			continue;
		return -1;
	}
	*line = slice_of(t->in.data, (size_t)(nl - t->in.data));
	return 0;
}

static int
explain(struct errbuf *e, const struct wamp_msg *m)
{
	struct errbuf why;

	client_explain(&why, m->uri.text, m->desc.text);
	err_set(e, "the old wampd refuses: %s", why.msg);
	return -1;
}

/* Call wampd.takeover with that argument.  *result borrows from t->in.  0 or
 * -1. */
static int
call_old(struct takeover *t, struct passed *p, const char *argument,
    struct slice *result, struct errbuf *e)
{
	const struct wamp1_rules rules = { .role = WAMP1_CLIENT,
	    .depth = JSON_DEPTH_DEFAULT };
	struct buf call = { 0 };
	struct wamp1_error we;
	struct wamp_msg m;
	struct slice line;
	int rc;

	rc = buf_addf(&call, "[2,\"1\",\"wampd.takeover\",%s]\n", argument) ==
	    0 && io_write_all(t->fd, call.data, call.len) == 0 ? 0 : -1;
	buf_clear(&call);
	if (rc == -1)
		err_set_errno(e, "control socket");
	while (rc == 0 && (rc = read_line(t, p, &line, e)) == 0) {
		if (wamp1_parse(&m, line, &rules, &we) == -1) {
			err_set(e, "the old wampd sends no WAMP: %s", we.what);
			return -1;
		}
		if (m.type == WAMP_CALLERROR)
			return explain(e, &m);
		*result = m.event.text;
		if (m.type == WAMP_CALLRESULT)
			return 0;
		buf_consume(&t->in, line.len + 1);
	}
	return rc;
}

/* ---- the sockets ---- */

static int64_t
number_of(struct slice object, const char *name)
{
	struct json_elem value;
	int64_t n;

	return json_member(object, name, &value) && json_int(&n, &value) ?
	    n : 0;
}

/* Copy a string that fits into size bytes, or nothing. */
static void
text_of(char *out, size_t size, struct slice object, const char *name)
{
	struct json_elem value;
	struct buf text = { 0 };

	out[0] = '\0';
	if (json_member(object, name, &value) && value.type == JSON_STRING &&
	    json_unquote(&text, &value) == 0 && text.len < size) {
		memcpy(out, text.data, text.len);
		out[text.len] = '\0';
	}
	buf_clear(&text);
}

static int
take_socket(struct takeover *t, struct passed *p, struct slice described,
    struct errbuf *e)
{
	struct given_socket *s;
	int fd = passed_take(p), lock = -1;

	if (json_member_is_true(described, "lock"))
		lock = passed_take(p);
	if (fd == -1) {
		err_set(e, "the old wampd passes fewer sockets than it says");
		return -1;
	}
	if ((s = given_add(&t->given, fd, lock, e)) == NULL)
		return -1;
	s->shared = json_member_is_true(described, "shared");
	s->dev = (dev_t)number_of(described, "dev");
	s->ino = (ino_t)number_of(described, "ino");
	s->group = number_of(described, "group");
	text_of(s->text, sizeof(s->text), described, "text");
	return 0;
}

/* The service manager of the old process is ours from now on, unless we have
 * one of our own. */
static void
take_manager(struct slice result)
{
	char text[256];

	if (getenv("NOTIFY_SOCKET") != NULL)
		return;
	text_of(text, sizeof(text), result, "notify");
	if (text[0] == '\0' || setenv("NOTIFY_SOCKET", text, 1) == -1)
		return;
	(void)unsetenv("WATCHDOG_PID");
	text_of(text, sizeof(text), result, "watchdog");
	if (text[0] != '\0')
		(void)setenv("WATCHDOG_USEC", text, 1);
}

static int
take_all(struct takeover *t, struct passed *p, struct slice result,
    struct errbuf *e)
{
	struct json_elem sockets, one;
	char text[4096];
	struct slice rest;

	if (!json_member(result, "sockets", &sockets) ||
	    sockets.type != JSON_ARRAY) {
		err_set(e, "the old wampd passes no sockets");
		return -1;
	}
	rest = json_inside(sockets.text);
	while (json_next(&rest, &one))
		if (one.type == JSON_OBJECT &&
		    take_socket(t, p, one.text, e) == -1)
			return -1;
	t->pid = (pid_t)number_of(result, "pid");
	text_of(text, sizeof(text), result, "state_dir");
	if (buf_add_str(&t->state_dir, text) == -1 ||
	    buf_cstr(&t->state_dir) == NULL) {
		err_set(e, "out of memory");
		return -1;
	}
	take_manager(result);
	text_of(text, sizeof(text), result, "version");
	log_info("taking over from process %ld version=%s sockets=%zu",
	    (long)t->pid, log_quote(slice_str(text)).s, t->given.n);
	return 0;
}

int
takeover_begin(struct takeover *t, const char *control_path,
    struct errbuf *e)
{
	struct passed p = { .n = 0 };
	struct slice result;
	int rc = -1;

	*t = (struct takeover){ .fd = -1, .decision = -1, .kept = -1 };
	if ((t->fd = open_control(control_path, e)) != -1 &&
	    call_old(t, &p, getenv("NOTIFY_SOCKET") != NULL ?
	    "{\"step\":\"begin\",\"managed\":true}" : "{\"step\":\"begin\"}",
	    &result, e) == 0)
		rc = take_all(t, &p, result, e);
	passed_clear(&p);
	buf_reset(&t->in);
	if (rc == -1)
		err_wrap(e, "--takeover");
	return rc;
}

/* ---- what is kept ---- */

int
takeover_commit(struct takeover *t, struct errbuf *e)
{
	struct passed p = { .n = 0 };
	struct slice result;
	int rc;

	rc = call_old(t, &p, "{\"step\":\"commit\"}", &result, e);
	if (rc == 0) {
		t->kept = passed_take(&p);
		t->decision = passed_take(&p);
	}
	passed_clear(&p);
	buf_reset(&t->in);
	if (rc == 0 && t->decision == -1) {
		err_set(e, "the old wampd passes nothing");
		rc = -1;
	}
	if (rc == -1)
		err_wrap(e, "--takeover");
	return rc;
}

static bool
is_same_folder(const char *a, const char *b)
{
	struct stat x, y;

	return a != NULL && b != NULL && stat(a, &x) == 0 &&
	    stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* Files that both have were read already, as after a restart. */
static unsigned
what_to_take(const struct takeover *t, const struct broker *b)
{
	unsigned what = HANDOVER_KEPT | HANDOVER_TAPS;

	if (!is_same_folder(t->state_dir.data, b->set.state_dir))
		return what;
	what &= ~HANDOVER_TAPS;
	return b->keep.ops != NULL ? what & ~HANDOVER_KEPT : what;
}

int
takeover_restore(struct takeover *t, struct broker *b, struct errbuf *e)
{
	struct buf text = { 0 };
	size_t events;
	int rc = -1;

	if (lseek(t->kept, 0, SEEK_SET) == -1)
		err_set_errno(e, "cannot read what the old wampd keeps");
	else if (io_read_fd(&text, t->kept, KEPT_MAX, e) == 0)
		rc = handover_read(b, buf_slice(&text), what_to_take(t, b),
		    &events, e);
	buf_clear(&text);
	if (rc == -1)
		err_wrap(e, "--takeover");
	else
		log_info("events=%zu taken over", events);
	return rc;
}

/* ---- the end ---- */

int
takeover_finish(struct takeover *t, struct errbuf *e)
{
	const struct timeval bound = { .tv_sec = ANSWER_SECONDS };
	char word = TAKEOVER_SERVES;

	(void)setsockopt(t->decision, SOL_SOCKET, SO_RCVTIMEO, &bound,
	    sizeof(bound));
	if (send(t->decision, &word, 1, MSG_NOSIGNAL) == 1 &&
	    recv(t->decision, &word, 1, 0) == 1)
		return 0;
	err_set(e, "--takeover: the old wampd goes on; this one took too "
	    "long");
	return -1;
}

void
takeover_end(struct takeover *t)
{
	given_clear(&t->given);
	if (t->decision != -1)
		(void)close(t->decision);
	if (t->kept != -1)
		(void)close(t->kept);
	if (t->fd != -1)
		(void)close(t->fd);
	t->decision = t->kept = t->fd = -1;
	buf_clear(&t->in);
	buf_clear(&t->state_dir);
}
