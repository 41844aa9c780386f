/*
 * bench_handlers.c: how many events a second pass each kind of handler.
 *
 * End to end: a broker of its own, one client that publishes to a topic and
 * listens there, too, and as the exec handlers' child this very program.  An
 * event counts when the broker has acknowledged it.
 *
 * No test: it prints what it measured and judges nothing.
 */
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/records.h"
#include "proto/wamp1.h"
#include "client/client.h"
#include "client/publisher.h"

#define BENCH_US	1000000	/* time spent on each handler */
#define BATCH		2000	/* events; an exec handler lets them wait */
#define CHILD_LINE_MAX	4096	/* bytes */

static const char event[] = "{\"level\":\"error\",\"text\":\"disk full\","
    "\"host\":\"web1\",\"at\":1700000000}";

/* Each has a topic of its name. */
static const char *const handlers[][2] = {
	{ "broadcast", "type: broadcast" },
	{ "jq", "type: jq, "
	    "publish: 'select(.event.level == \"error\") | {event}'" },
	{ "exec-allow", "type: exec, queue: 3000, "
	    "command: [./child, '\"allow\":true']" },
	{ "exec-events", "type: exec, queue: 3000, "
	    "command: [./child, '\"events\":[{\"event\":1}]']" },
};

#define HANDLERS	(sizeof(handlers) / sizeof(handlers[0]))

static int
fail(const char *what, const struct errbuf *e)
{
	(void)fprintf(stderr, "%s: %s\n", what, e->msg);
	return -1;
}

/* ---- the child ---- */

/* Requests have their number before the session's id, which is a string. */
static int
child_answer(struct buf *out, struct slice line, const char *answer)
{
	static const char key[] = "\"id\":";
	const char *id = memmem(line.p, line.len, key, sizeof(key) - 1);
	unsigned long long n = 0;

	if (id != NULL)
		n = strtoull(id + sizeof(key) - 1, NULL, 10);
	if (n == 0)
		return 0;
	if (!slice_starts(line, SLICE("{\"type\":\"publish\"")))
		answer = "\"allow\":true";
	return buf_addf(out, "{\"id\":%llu,%s}\n", n, answer);
}

/* As fast as a program can be: answers leave when nothing more is there to be
 * read. */
static int
child_run(const char *answer)
{
	enum records_next next = RECORDS_MORE;
	struct buf out = { 0 };
	struct slice line;
	struct records in;
	struct errbuf e;
	int rc = 0;

	records_init(&in, STDIN_FILENO, RECORDS_LINES, CHILD_LINE_MAX);
	while (rc == 0 && next != RECORDS_DONE) {
		next = records_next(&in, &line);
		if (next == RECORDS_GOT) {
			rc = child_answer(&out, line, answer);
		} else {
			rc = io_write_all(STDOUT_FILENO, out.data, out.len);
			buf_reset(&out);
		}
		if (rc == 0 && next == RECORDS_MORE)
			rc = records_read(&in, &e);
	}
	records_clear(&in);
	buf_clear(&out);
	return rc;
}

/* ---- the broker ---- */

static int
write_file(const char *name, const struct buf *text)
{
	struct errbuf e;

	return io_replace_file(name, buf_slice(text), 0600, &e) == -1 ?
	    fail(name, &e) : 0;
}

static int
write_configuration(void)
{
	struct buf routes = { 0 }, config = { 0 };
	size_t i;
	int rc;

	rc = buf_add_str(&config, "routes: [routing.yml]\nhandlers:\n");
	for (i = 0; i < HANDLERS && rc == 0; i++)
		if (buf_addf(&routes, "%s: { channel: %s, handler: %s }\n",
		    handlers[i][0], handlers[i][0], handlers[i][0]) == -1 ||
		    buf_addf(&config, "  %s: { %s }\n", handlers[i][0],
		    handlers[i][1]) == -1)
			rc = -1;
	if (rc == 0 && (write_file("routing.yml", &routes) == -1 ||
	    write_file("wampd.yml", &config) == -1))
		rc = -1;
	buf_clear(&routes);
	buf_clear(&config);
	return rc;
}

/* Until it says that it listens, on *log; it may say more than anyone reads,
 * but not so much that it has to wait. */
static int
wait_for_broker(int log)
{
	struct buf said = { 0 };
	char part[1024];
	ssize_t n;
	int rc = -1;

	while (rc == -1 && (n = read(log, part, sizeof(part))) > 0 &&
	    buf_add(&said, part, (size_t)n) == 0)
		if (memmem(said.data, said.len, "listening", 9) != NULL)
			rc = 0;
	if (rc == -1)
		(void)fprintf(stderr, "the broker did not start:\n%.*s",
		    (int)said.len, said.data != NULL ? said.data : "");
	buf_clear(&said);
	return rc;
}

/* Its process, or -1.  *log is to be closed when it has ended. */
static pid_t
start_broker(const char *program, int *log)
{
	int fd[2];
	pid_t pid;

	if (pipe(fd) == -1 || (pid = fork()) == -1) {
		perror("wampd");
		return -1;
	}
	if (pid == 0) {
		(void)dup2(fd[1], STDERR_FILENO);
		(void)close(fd[0]);
		(void)close(fd[1]);
		(void)execl(program, program, "-c", "wampd.yml", "-S",
		    "control.sock", "-l", "unix:ws.sock", (char *)NULL);
		perror(program);
		_exit(1);
	}
	(void)close(fd[1]);
	*log = fd[0];
	return pid;
}

/* ---- the client ---- */

/* CPU time of the broker in microseconds. */
static int64_t
cpu_us(pid_t pid)
{
	struct timespec ts = { 0 };
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) == 0)
		(void)clock_gettime(clock, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static void
on_event(void *arg, const struct wamp_msg *m)
{
	uint64_t *heard = arg;

	(void)m;
	++*heard;
}

static enum exit_status
publish_for_a_while(struct publisher *p, struct slice topic_json,
    struct errbuf *e)
{
	enum exit_status status = EXIT_DONE;
	int64_t start = clock_us();
	int i;

	while (status == EXIT_DONE && clock_us() - start < BENCH_US) {
		for (i = 0; i < BATCH && status == EXIT_DONE; i++)
			status = publisher_send(p, topic_json,
			    slice_str(event), e);
		if (status == EXIT_DONE)
			status = publisher_acknowledge(p, e);
	}
	return status;
}

static int
measure(struct publisher *p, const char *name, pid_t broker,
    const uint64_t *heard)
{
	struct slice parts[WAMP1_PARTS_MAX], topic;
	char topic_json[64];
	enum exit_status status;
	int64_t start, cpu;
	struct errbuf e;

	(void)snprintf(topic_json, sizeof(topic_json), "\"%s\"", name);
	topic = slice_str(topic_json);
	status = client_send(p->client, parts, wamp1_subscribe(parts, topic),
	    &e);
	start = clock_us();
	cpu = cpu_us(broker);
	if (status == EXIT_DONE)
		status = publish_for_a_while(p, topic, &e);
	if (status != EXIT_DONE)
		return fail(name, &e);
	start = clock_us() - start;
	cpu = cpu_us(broker) - cpu;
	printf("%-12s %8.0f events/s, %6.2f us of the broker's time each%s\n",
	    name, (double)p->accepted * 1e6 / (double)start,
	    (double)cpu / (double)p->accepted,
	    *heard == p->accepted ? "" : ", SOME NOT HEARD");
	return 0;
}

static int
measure_all(pid_t broker)
{
	static const struct publisher_opts everybody;
	const struct client_target where = { .control = "control.sock" };
	struct publisher p = { .client = NULL };
	uint64_t heard = 0;
	const struct client_events events = { .event = on_event,
	    .arg = &heard };
	struct client_attempt attempt = { .wake_fd = -1 };
	struct client *c;
	struct errbuf e;
	size_t i;
	int rc = 0;

	if (client_open(&c, &where, &events, &attempt, &e) != EXIT_DONE)
		return fail("control.sock", &e);
	for (i = 0; i < HANDLERS && rc == 0; i++) {
		heard = 0;
		p.opts = &everybody;
		rc = publisher_attach(&p, c, &e) == EXIT_DONE ?
		    measure(&p, handlers[i][0], broker, &heard) :
		    fail(handlers[i][0], &e);
		publisher_clear(&p);
		p = (struct publisher){ .client = NULL };
	}
	client_free(c);
	return rc;
}

/* ---- main ---- */

static int
run_broker(const char *program)
{
	int log = -1, rc = -1;
	pid_t broker;

	if ((broker = start_broker(program, &log)) == -1)
		return -1;
	if (wait_for_broker(log) == 0)
		rc = measure_all(broker);
	(void)kill(broker, SIGTERM);
	(void)waitpid(broker, NULL, 0);
	(void)close(log);
	return rc;
}

int
main(int argc, char **argv)
{
	char self[PATH_MAX], folder[] = "/tmp/bench_handlers.XXXXXX";
	struct buf program = { 0 };
	ssize_t n;
	int rc = 1;

	if (argc == 2)
		return child_run(argv[1]) == 0 ? 0 : 1;
	n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (n == -1 || mkdtemp(folder) == NULL || chdir(folder) == -1) {
		perror(folder);
		return 1;
	}
	self[n] = '\0';
	/* Programs and benchmarks of one variant are built side by side. */
	if (symlink(self, "child") == 0 && buf_addf(&program,
	    "%.*s/../../bin/wampd", (int)(strrchr(self, '/') - self),
	    self) == 0 && write_configuration() == 0 &&
	    run_broker(buf_cstr(&program)) == 0)
		rc = 0;
	buf_clear(&program);
	(void)unlink("child");
	(void)unlink("routing.yml");
	(void)unlink("wampd.yml");
	if (chdir("/") == -1 || rmdir(folder) == -1)
		perror(folder);
	return rc;
}
