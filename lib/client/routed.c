/*
 * routed.c: topics named by a route and its parameters.
 */
#include "client/routed.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/io.h"
#include "base/path.h"
#include "base/utf8.h"
#include "proto/json.h"

#define ROUTED_READER		"wamp-routes"
#define ROUTED_TOPIC_MAX	(1u << 20)	/* bytes; servers take less */

/* ---- the command line ---- */

static enum exit_status
take_param(struct routed *r, const char *operand,
    const struct route_param *param, struct errbuf *e)
{
	if (!utf8_valid(slice_str(operand))) {
		err_set(e, "the parameter %zu is not UTF-8", r->given.n + 1);
		return EXIT_USAGE;
	}
	if (route_params_add(&r->params, param, e) == -1)
		return EXIT_USAGE;
	if (opt_list_add(&r->given, operand) == 0)
		return EXIT_DONE;
	err_set(e, "out of memory");
	return EXIT_WORK;
}

/* Those without a name are meant as parameters: no JSON begins so. */
static enum exit_status
take_params(struct routed *r, struct opt_list *operands, struct errbuf *e)
{
	enum exit_status status = EXIT_DONE;
	struct route_param param;
	size_t i, left = 0;

	for (i = 0; i < operands->n && status == EXIT_DONE; i++) {
		if (operands->v[i][0] == '=') {
			err_set(e, "%s: a parameter needs a name",
			    operands->v[i]);
			status = EXIT_USAGE;
		} else if (route_param_split(&param, operands->v[i])) {
			status = take_param(r, operands->v[i], &param, e);
		} else {
			operands->v[left++] = operands->v[i];
		}
	}
	operands->n = left;
	return status;
}

enum exit_status
routed_take(struct routed *r, struct opt_list *operands, struct errbuf *e)
{
	if (r->route != NULL)
		return take_params(r, operands, e);
	if (r->files.n == 0)
		return EXIT_DONE;
	err_set(e, "--routes needs --route");
	return EXIT_USAGE;
}

/* ---- by wamp-routes ---- */

/* The one beside the running tool: others may be of another version. */
static int
reader_path(struct buf *path, struct errbuf *e)
{
	char self[PATH_MAX];
	ssize_t n;

	if ((n = readlink("/proc/self/exe", self, sizeof(self) - 1)) == -1) {
		err_set_errno(e, "/proc/self/exe");
		return -1;
	}
	self[n] = '\0';
	if (path_beside(path, self, ROUTED_READER) == 0)
		return 0;
	err_set(e, "out of memory");
	return -1;
}

struct words {
	struct arena mem;
	char	   **v;		/* in mem, as the words are */
	size_t	     n;
};

static int
add_word(struct words *w, const char *prefix, const char *text)
{
	size_t size = strlen(prefix) + strlen(text) + 1;
	char *word;

	if ((word = arena_alloc(&w->mem, size)) == NULL)
		return -1;
	(void)snprintf(word, size, "%s%s", prefix, text);
	w->v[w->n++] = word;
	return 0;
}

/* wamp-routes [-q] -g NAME -- FILE... name=value...  A file that looks like a
 * parameter gets its folder. */
static int
reader_words(struct words *w, const struct routed *r, bool quiet)
{
	size_t i, most = 5 + r->files.n + r->given.n;
	struct route_param param;

	if ((w->v = arena_alloc(&w->mem, (most + 1) * sizeof(*w->v))) ==
	    NULL || add_word(w, "", ROUTED_READER) == -1 ||
	    (quiet && add_word(w, "-", "q") == -1) ||
	    add_word(w, "-g", r->route) == -1 || add_word(w, "-", "-") == -1)
		return -1;
	for (i = 0; i < r->files.n; i++)
		if (add_word(w, route_param_split(&param, r->files.v[i]) ?
		    "./" : "", r->files.v[i]) == -1)
			return -1;
	for (i = 0; i < r->given.n; i++)
		if (add_word(w, "", r->given.v[i]) == -1)
			return -1;
	return 0;
}

/* Start it with an empty stdin and a stdout that *fd reads. */
static int
spawn(const char *path, char *const *words, pid_t *pid, int *fd,
    struct errbuf *e)
{
	posix_spawn_file_actions_t io;
	int rc, ends[2];

	if (pipe2(ends, O_CLOEXEC) == -1) {
		err_set_errno(e, "--routes");
		return -1;
	}
	if ((rc = posix_spawn_file_actions_init(&io)) == 0) {
		rc = posix_spawn_file_actions_addopen(&io, STDIN_FILENO,
		    "/dev/null", O_RDONLY, 0);
		if (rc == 0)
			rc = posix_spawn_file_actions_adddup2(&io, ends[1],
			    STDOUT_FILENO);
		if (rc == 0)
			rc = posix_spawn(pid, path, &io, NULL, words,
			    environ);
		(void)posix_spawn_file_actions_destroy(&io);
	}
	(void)close(ends[1]);
	if (rc == 0) {
		*fd = ends[0];
		return 0;
	}
	(void)close(ends[0]);
	err_set(e, "--routes: cannot run %s: %s", path, strerror(rc));
	return -1;
}

static int
reader_start(const struct routed *r, bool quiet, pid_t *pid, int *fd,
    struct errbuf *e)
{
	struct words words = { .n = 0 };
	struct buf path = { 0 };
	int rc = -1;

	if (reader_path(&path, e) == -1)
		goto out;
	if (reader_words(&words, r, quiet) == -1)
		err_set(e, "out of memory");
	else
		rc = spawn(path.data, words.v, pid, fd, e);
out:
	arena_clear(&words.mem);
	buf_clear(&path);
	return rc;
}

/* How it ended.  It has said itself why it failed. */
static enum exit_status
reader_wait(pid_t pid, struct errbuf *e)
{
	int how;

	while (waitpid(pid, &how, 0) == -1)
		if (errno != EINTR) {
			err_set_errno(e, ROUTED_READER);
			return EXIT_WORK;
		}
	if (WIFSIGNALED(how))
		err_set(e, "%s was ended by signal %d", ROUTED_READER,
		    WTERMSIG(how));
	return how == 0 ? EXIT_DONE : EXIT_WORK;
}

static enum exit_status
read_topic(struct routed *r, const struct tool *t, struct errbuf *e)
{
	struct buf *topic = &r->text;
	enum exit_status status;
	struct errbuf why;
	pid_t pid;
	int fd, rc;

	if (reader_start(r, t->where.quiet, &pid, &fd, e) == -1)
		return EXIT_WORK;
	rc = io_read_fd(topic, fd, ROUTED_TOPIC_MAX, &why);
	(void)close(fd);
	if ((status = reader_wait(pid, e)) != EXIT_DONE)
		return status;
	if (rc == -1 || topic->len == 0) {
		err_set(e, "%s: %s", ROUTED_READER, rc == -1 ? why.msg :
		    "no topic");
		return EXIT_WORK;
	}
	topic->len--;		/* the line's end */
	return EXIT_DONE;
}

/* ---- by the broker ---- */

/* "NAME",{"name":"value",...} */
static int
ask_args(struct buf *args, const struct routed *r)
{
	size_t i;

	if (json_quote(args, slice_str(r->route)) == -1 ||
	    buf_add_str(args, ",{") == -1)
		return -1;
	for (i = 0; i < r->params.n; i++)
		if ((i > 0 && buf_add_char(args, ',') == -1) ||
		    json_quote(args, r->params.v[i].name) == -1 ||
		    buf_add_char(args, ':') == -1 ||
		    json_quote(args, r->params.v[i].value) == -1)
			return -1;
	return buf_add_char(args, '}');
}

/* {"topic":"...","doubt":null or "..."} */
static enum exit_status
take_answer(struct routed *r, const struct tool *t,
    const struct client_answer *a, struct errbuf *e)
{
	enum exit_status status = EXIT_WORK;
	struct json_elem elem;
	struct buf doubt = { 0 };

	if (a->is_error) {
		client_explain(e, a->uri, a->desc);
		return EXIT_REFUSED;
	}
	if (!json_member(a->result, "topic", &elem) ||
	    elem.type != JSON_STRING) {
		err_set(e, "the broker's answer is not a topic");
		return EXIT_REFUSED;
	}
	if (json_unquote(&r->text, &elem) == -1)
		goto nomem;
	if (json_member(a->result, "doubt", &elem) &&
	    elem.type == JSON_STRING) {
		if (json_unquote(&doubt, &elem) == -1)
			goto nomem;
		tool_say(t, "%.*s", (int)doubt.len, doubt.data);
	}
	status = EXIT_DONE;
nomem:
	if (status != EXIT_DONE)
		err_set(e, "out of memory");
	buf_clear(&doubt);
	return status;
}

static enum exit_status
ask_topic(struct routed *r, const struct tool *t, struct client *c,
    struct errbuf *e)
{
	struct client_answer a;
	struct buf args = { 0 };
	enum exit_status status = EXIT_WORK;

	if (!client_is_wampd(c)) {
		err_set(e, "only wampd can generate the topic of --route: add "
		    "--routes FILE for other servers");
		return EXIT_REFUSED;
	}
	if (ask_args(&args, r) == -1)
		err_set(e, "out of memory");
	else
		status = client_call(c, SLICE("wampd.generate"),
		    buf_slice(&args), &a, e);
	if (status == EXIT_DONE)
		status = take_answer(r, t, &a, e);
	buf_clear(&args);
	return status;
}

/* ---- both ---- */

/* What was found becomes a C string. */
static enum exit_status
use_topic(struct routed *r, struct errbuf *e)
{
	if ((r->topic = buf_cstr(&r->text)) != NULL)
		return EXIT_DONE;
	err_set(e, "out of memory");
	return EXIT_WORK;
}

enum exit_status
routed_read(struct routed *r, const struct tool *t, struct errbuf *e)
{
	enum exit_status status;

	if (r->files.n == 0)
		return EXIT_DONE;
	status = read_topic(r, t, e);
	return status == EXIT_DONE ? use_topic(r, e) : status;
}

enum exit_status
routed_open(struct routed *r, const struct tool *t, struct client **c,
    const struct client_events *ev, struct errbuf *e)
{
	enum exit_status status;

	if ((status = routed_read(r, t, e)) == EXIT_DONE)
		status = tool_open(t, c, ev, e);
	if (status != EXIT_DONE || r->route == NULL || r->topic != NULL)
		return status;
	if ((status = ask_topic(r, t, *c, e)) == EXIT_DONE)
		status = use_topic(r, e);
	if (status != EXIT_DONE) {
		client_free(*c);
		*c = NULL;
	}
	return status;
}

void
routed_clear(struct routed *r)
{
	free(r->files.v);
	free(r->given.v);
	buf_clear(&r->text);
	*r = (struct routed){ 0 };
}
