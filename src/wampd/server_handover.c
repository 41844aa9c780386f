/*
 * server_handover.c: handing over to another wampd, see takeover.h.
 *
 * The other process calls wampd.takeover twice.  The first call, "begin", gives
 * it copies of the listening sockets, and changes nothing.  When it has read
 * its files, the second call, "commit", gives it what we keep.  From then on,
 * nothing here may change, so this process waits until the other one says that
 * it serves, or ends, or takes too long.  That is one pause of all sessions, of
 * some milliseconds, instead of changes that neither process knows of.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/version.h"
#include "proto/json.h"
#include "wampd/config/config.h"
#include "wampd/core/broker.h"
#include "wampd/core/call.h"
#include "wampd/core/handover.h"
#include "wampd/core/procedure.h"
#include "wampd/net/control.h"
#include "wampd/net/pass.h"
#include "wampd/net/unix_socket.h"
#include "wampd/notify.h"
#include "wampd/server.h"
#include "wampd/server_parts.h"
#include "wampd/state/state.h"
#include "wampd/takeover.h"

#define CGROUP_MAX	65536	/* bytes */

/* ---- who may ---- */

/* As whoever may kill this process. */
static int
check_caller(struct call *c, struct ucred *peer)
{
	c->failure.kind = FAILURE_FORBIDDEN;
	if (!control_peer(c->to.session, peer))
		err_set(&c->failure.reason,
		    "only a wampd at the control socket may take over");
	else if (peer->uid != 0 && peer->uid != geteuid())
		err_set(&c->failure.reason,
		    "only root and the user of this wampd may take over");
	else
		return 0;
	return -1;
}

static int
refuse(struct call *c, const char *why)
{
	c->failure.kind = FAILURE_INTERNAL;
	err_set(&c->failure.reason, "%s", why);
	return -1;
}

/* ---- the argument ---- */

/* Whether the member has that value, both as JSON. */
static bool
is_member(const struct call *c, const char *name, const char *want)
{
	struct json_elem key, value;
	struct slice rest;

	if (!call_options(c, &rest))
		return false;
	while (json_next_member(&rest, &key, &value))
		if (slice_eq(key.text, slice_str(name)))
			return slice_eq(value.text, slice_str(want));
	return false;
}

/* ---- what started us ---- */

static bool
read_cgroup(struct buf *out, const char *process)
{
	char path[64];
	struct errbuf e;

	(void)snprintf(path, sizeof(path), "/proc/%s/cgroup", process);
	return io_read_file(out, path, CGROUP_MAX, &e) == 0;
}

/* Whether the process is in another service, as far as we can see. */
static bool
is_elsewhere(pid_t pid)
{
	struct buf ours = { 0 }, its = { 0 };
	char text[24];
	bool elsewhere;

	(void)snprintf(text, sizeof(text), "%ld", (long)pid);
	elsewhere = read_cgroup(&ours, "self") && read_cgroup(&its, text) &&
	    !slice_eq(buf_slice(&ours), buf_slice(&its));
	buf_clear(&ours);
	buf_clear(&its);
	return elsewhere;
}

/* Whether whatever started us would know the process instead of us.  0, or -1
 * with *e filled. */
static int
check_follows(const struct server *s, pid_t pid, struct errbuf *e)
{
	if (s->origin->first_process)
		err_set(e, "this wampd is the first process of a container, "
		    "which ends with it: replace the container");
	else if (getenv("SUPERVISOR_ENABLED") != NULL)
		err_set(e, "this wampd runs under supervisord, which would "
		    "not know the new process: use supervisorctl restart");
	else if (getenv("NOTIFY_SOCKET") != NULL && !s->heir_managed &&
	    is_elsewhere(pid))
		err_set(e, "systemd would not know the new process: start it "
		    "in the service, see \"Upgrading\" in wampd(8)");
	else
		return 0;
	return -1;
}

/* Append ,"name":value if the environment has it. */
static int
add_variable(struct buf *out, const char *name, const char *variable)
{
	const char *value = getenv(variable);

	if (value == NULL)
		return 0;
	return buf_addf(out, ",\"%s\":", name) == -1 ? -1 :
	    json_quote(out, slice_str(value));
}

/* ---- the sockets ---- */

struct sockets {
	struct buf *out;
	const char *before;
	const char *text;	/* of the last one */
	int	    group;
	int	    fds[PASS_MAX];
	size_t	    n;
};

/* Append {"kind":…,"text":…,"group":…,"lock":…,"shared":…,"dev":…,
 * "ino":…}. */
static int
add_socket(void *arg, int fd, const struct unix_socket *path,
    const struct listener_peers *peers)
{
	struct sockets *all = arg;
	int lock = path != NULL ? unix_socket_lock(path) : -1;
	dev_t dev = 0;
	ino_t ino = 0;

	if (path != NULL)
		(void)unix_socket_inode(path, &dev, &ino);
	/* A name has several addresses. */
	if (peers->text != all->text)
		all->group++;
	all->text = peers->text;
	if (all->n + 2 > PASS_MAX)
		return -1;
	all->fds[all->n++] = fd;
	if (lock != -1)
		all->fds[all->n++] = lock;
	if (buf_addf(all->out, "%s{\"kind\":\"%s\",\"text\":", all->before,
	    peers->kind) == -1 ||
	    json_quote(all->out, slice_str(peers->text)) == -1)
		return -1;
	all->before = ",";
	return buf_addf(all->out, ",\"group\":%d,\"lock\":%s,"
	    "\"shared\":%s,\"dev\":%lld,\"ino\":%lld}", all->group,
	    lock != -1 ? "true" : "false", peers->shared ? "true" : "false",
	    (long long)dev, (long long)ino);
}

/* Answer with a line that descriptors come with. */
static int
answer(struct call *c, struct slice result, const int *fds, size_t n)
{
	struct buf line = { 0 };
	int rc = -1;

	if (buf_add_str(&line, "[3,") == 0 &&
	    buf_add_slice(&line, c->to.id) == 0 &&
	    buf_add_char(&line, ',') == 0 &&
	    buf_add_slice(&line, result) == 0 &&
	    buf_add_str(&line, "]\n") == 0)
		rc = control_send(c->to.session, buf_slice(&line), fds, n);
	else
		errno = ENOMEM;
	buf_clear(&line);
	if (rc == 0)
		return 1;
	c->failure.kind = FAILURE_INTERNAL;
	err_set_errno(&c->failure.reason, "cannot pass the sockets");
	return -1;
}

static int
begin(struct server *s, struct call *c, pid_t peer)
{
	struct sockets all = { .out = c->out, .before = "" };

	s->heir_managed = is_member(c, "\"managed\"", "true");
	if (check_follows(s, peer, &c->failure.reason) == -1) {
		c->failure.kind = FAILURE_INTERNAL;
		return -1;
	}
	if (buf_addf(c->out, "{\"version\":\"%s\",\"pid\":%ld,"
	    "\"state_dir\":", WAMP_VERSION, (long)getpid()) == -1 ||
	    (s->broker->set.state_dir != NULL ? json_quote(c->out,
	    slice_str(s->broker->set.state_dir)) :
	    buf_add_str(c->out, "null")) == -1 ||
	    buf_add_str(c->out, ",\"sockets\":[") == -1 ||
	    listeners_each(&s->listeners, add_socket, &all) == -1 ||
	    buf_add_char(c->out, ']') == -1 ||
	    add_variable(c->out, "notify", "NOTIFY_SOCKET") == -1 ||
	    add_variable(c->out, "watchdog", "WATCHDOG_USEC") == -1 ||
	    buf_add_char(c->out, '}') == -1)
		return refuse(c, "too many sockets, or out of memory");
	memcpy(s->heir, c->to.session->id, sizeof(s->heir));
	return answer(c, buf_slice(c->out), all.fds, all.n);
}

/* ---- what is kept ---- */

/* A file in memory with what we keep, or -1. */
static int
write_kept(struct server *s)
{
	struct buf text = { 0 };
	int fd = -1;

	if (handover_write(s->broker, &text) == 0 &&
	    (fd = memfd_create("wampd-kept", MFD_CLOEXEC)) != -1 &&
	    io_write_all(fd, text.data, text.len) == -1) {
		(void)close(fd);
		fd = -1;
	}
	buf_clear(&text);
	return fd;
}

/* Wait for the decision of the other process, and acknowledge it.  Whether it
 * serves from now on. */
static bool
wait_for_heir(int fd)
{
	int64_t until = clock_ms() + TAKEOVER_PATIENCE, left;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char word = 0;
	int rc;

	do {
		left = until - clock_ms();
		rc = poll(&p, 1, left > 0 ? (int)left : 0);
	} while (rc == -1 && errno == EINTR && left > 0);
	if (rc != 1 || recv(fd, &word, 1, MSG_DONTWAIT) != 1 ||
	    word != TAKEOVER_SERVES)
		return false;
	return send(fd, &word, 1, MSG_NOSIGNAL | MSG_DONTWAIT) == 1;
}

/* The other process serves.  With it as the main process of the service, the
 * manager does not care about our end. */
static void
leave(struct server *s, pid_t heir)
{
	char text[64];

	(void)snprintf(text, sizeof(text), "MAINPID=%ld", (long)heir);
	if (!s->heir_managed)
		notify_send(text);
	(void)unsetenv("NOTIFY_SOCKET");
	log_info("handed over to process %ld", (long)heir);
	s->left = true;
	taps_handed_over(&s->broker->taps, true);
	server_ports_leave(&s->ports);
	listeners_leave(&s->listeners);
	drain_begin(s->broker, s->broker->set.drain_spread, true);
}

/* The answer has a file with what we keep, and a socket for the decision.
 * Returns as run() of struct procedure; whether the other one serves then is in
 * s->left. */
static int
pass_kept(struct server *s, struct call *c, pid_t heir)
{
	int ends[2], fds[2], rc;

	if ((fds[0] = write_kept(s)) == -1)
		return refuse(c, "out of memory");
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) ==
	    -1) {
		(void)close(fds[0]);
		return refuse(c, "cannot make a socket");
	}
	fds[1] = ends[1];
	rc = answer(c, SLICE("{}"), fds, 2);
	(void)close(fds[0]);
	(void)close(ends[1]);
	if (rc == 1 && wait_for_heir(ends[0])) {
		leave(s, heir);
	} else {
		taps_handed_over(&s->broker->taps, false);
		log_err("process %ld did not take over: going on",
		    (long)heir);
	}
	(void)close(ends[0]);
	return rc;
}

/* The files of state_dir belong to the other process from now on. */
static int
commit(struct server *s, struct call *c, pid_t heir)
{
	struct errbuf e;
	int rc = -1;

	broker_set_now(s->broker, (int64_t)uv_now(&s->loop));
	(void)taps_save_due(&s->broker->taps, s->broker->now);
	if (state_release(s->broker, &e) == -1)
		(void)refuse(c, e.msg);
	else
		rc = pass_kept(s, c, heir);
	if (!s->left && state_resume(s->broker, &e) == -1)
		log_err("kept events: %s", e.msg);
	return rc;
}

/* ---- the procedure ---- */

static int
run_takeover(struct call *c)
{
	struct server *s = c->ctx;
	struct ucred peer;

	if (check_caller(c, &peer) == -1)
		return -1;
	if (s->left)
		return refuse(c, "another process has taken over already");
	if (s->stopping)
		return refuse(c, "this wampd stops");
	if (is_member(c, "\"step\"", "\"begin\""))
		return begin(s, c, peer.pid);
	if (!is_member(c, "\"step\"", "\"commit\""))
		return call_bad_argument(c, "this is for wampd --takeover");
	if (strcmp(s->heir, c->to.session->id) != 0)
		return refuse(c, "begin first");
	return commit(s, c, peer.pid);
}

static const struct procedure rows[] = {
	{ "wampd.takeover", "step", PROCEDURE_WRITE,
	  "hand over to another process, see wampd --takeover",
	  run_takeover },
	{ .name = NULL }
};

int
server_offer(struct server *s)
{
	return procedures_add(&s->broker->procedures, rows, s);
}
