/*
 * fuzz_declare.c: any bytes as a wampd.yml with handlers, and as a service
 * file beside it.
 */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/io.h"
#include "base/log.h"
#include "proto/json.h"
#include "route/declare.h"
#include "route/yaml.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_right(const struct declare_right *right)
{
	size_t i;

	assert(right->line != 0 || right->program == NULL);
	for (i = 0; i < right->n_grants; i++)
		assert((right->grants[i].who >= DECLARE_ROLE) ==
		    (right->grants[i].name != NULL));
}

static void
check_handler(const struct handler_decl *h)
{
	struct json_error e;
	struct json_elem elem;
	size_t i;

	assert(h->line > 0 && h->column > 0 && h->file[0] != '\0');
	for (i = 0; i < DECLARE_ACTIONS; i++)
		check_right(&h->rights[i]);
	assert(h->rate >= 0 && h->burst >= 0);
	assert(h->log >= DECLARE_LOG_NONE && h->log <= (int)LOG_LEVEL_DEBUG);
	assert(json_scan_value(slice_str(h->ping.message), 1, &elem,
	    &e) == 0 && elem.type == JSON_STRING);
	assert(h->exec.cwd[0] != '\0' && h->exec.pool > 0);
}

/* Without an error, what a type needs is there. */
static void
check_complete(const struct handler_decl *h)
{
	size_t i;

	assert(h->rate == 0 || h->burst > 0);
	assert(h->ping.interval > 0 && h->exec.restart_min > 0);
	assert(h->exec.restart_min <= h->exec.restart_max);
	for (i = 0; i < h->exec.n_env; i++)
		assert(h->exec.env[i].value != NULL);
	if (strcmp(h->type, "exec") == 0)
		assert(h->exec.argv[0][0] != '\0' && h->timeout > 0);
	if (strcmp(h->type, "jq") == 0)
		assert(h->timeout > 0 &&
		    (h->rights[DECLARE_SUBSCRIBE].program != NULL ||
		    h->rights[DECLARE_PUBLISH].program != NULL ||
		    h->rights[DECLARE_CALL].program != NULL));
}

static void
check_table(const struct declarations *t, const struct diags *d)
{
	const struct handler_decl *h;
	size_t i;

	assert(t != NULL || d->errors > 0);
	for (i = 0; t != NULL && i < declare_count(t); i++) {
		h = declare_at(t, i);
		assert(declare_find(t, slice_str(h->name)) == h);
		check_handler(h);
		if (d->errors == 0)
			check_complete(h);
	}
}

/* What was declared without a fault, printed. */
static void
print(struct buf *out, const struct declarations *t)
{
	struct errbuf e;

	assert(buf_add_str(out, "parameters:\n") == 0 &&
	    declare_print_parameters(out, t, &e) == 0 &&
	    buf_add_str(out, "handlers:\n") == 0 &&
	    declare_print_handlers(out, t, &e) == 0);
}

/* Printed, and read back from there, it must be the same. */
static void
check_printed(const struct declarations *t, struct declare_source src)
{
	struct buf one = { 0 }, two = { 0 };
	struct diags d = { 0 };
	struct declarations *again;
	struct yaml_doc *doc;

	print(&one, t);
	doc = yaml_load_text("/printed.yml", buf_slice(&one), &d);
	assert(doc != NULL);
	src.handlers = yaml_get(yaml_root(doc), "handlers");
	src.parameters = yaml_get(yaml_root(doc), "parameters");
	again = declare_load(&src, &d);
	assert(again != NULL && d.errors == 0);
	print(&two, again);
	assert(slice_eq(buf_slice(&one), buf_slice(&two)));
	declare_free(again);
	yaml_doc_free(doc);
	diag_clear(&d);
	buf_clear(&one);
	buf_clear(&two);
}

/* The bytes as a file that can be named. */
static int
make_file(struct slice text)
{
	int fd = memfd_create("service", MFD_CLOEXEC);

	assert(fd != -1 && io_write_all(fd, text.p, text.len) == 0);
	return fd;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of((const char *)data, size);
	struct diags d = { 0 };
	struct yaml_doc *doc = yaml_load_text("w.yml", text, &d);
	char path[32];
	const char *paths[] = { path };
	struct declare_source src = { .file = "w.yml", .services = paths,
	    .n_services = 1 };
	struct declarations *t;
	int fd = make_file(text);

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (doc != NULL) {
		src.handlers = yaml_get(yaml_root(doc), "handlers");
		src.parameters = yaml_get(yaml_root(doc), "parameters");
	}
	t = declare_load(&src, &d);
	yaml_doc_free(doc);	/* the table must not need it */
	check_table(t, &d);
	if (d.errors == 0)
		check_printed(t, src);
	(void)close(fd);
	declare_free(t);
	diag_clear(&d);
	return 0;
}
