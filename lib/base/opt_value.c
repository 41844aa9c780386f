/*
 * opt_value.c: checks and stores the value of an option.
 */
#include "base/opt_value.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "base/num.h"
#include "base/utf8.h"

#define WORD_SHOWN	64	/* bytes; a longer word is cut */

int
opt_word(const char *const *words, const char *given, struct errbuf *e)
{
	struct nearest near;
	size_t n;
	int i;

	nearest_init(&near, given, strlen(given));
	for (i = 0; words[i] != NULL; i++) {
		if (strcmp(words[i], given) == 0)
			return i;
		nearest_try(&near, words[i]);
	}
	if (near.found != NULL) {
		err_set(e, "no \"%s\", did you mean %s?", given, near.found);
		return -1;
	}
	err_set(e, "\"%.*s\" is none of", WORD_SHOWN, given);
	for (i = 0; words[i] != NULL; i++) {
		n = strlen(e->msg);
		(void)snprintf(e->msg + n, sizeof(e->msg) - n, "%s %s",
		    i ? "," : "", words[i]);
	}
	return -1;
}

static int
store_choice(const struct opt *o, const char *value, struct errbuf *e)
{
	int i = opt_word(o->choices, value, e);

	if (i == -1)
		return -1;
	*(int *)o->at = i;
	return 0;
}

/* Errors of a value that do not depend on its type.  A path may have any bytes.
 * All other values go to a server, into JSON or to a terminal. */
static int
check_value(const struct opt *o, const char *value, struct errbuf *e)
{
	if (value[0] == '\0' && !o->may_be_empty) {
		err_set(e, "the value is empty, it needs %s", o->arg);
		return -1;
	}
	if (o->complete != OPT_C_FILE && !utf8_valid(slice_str(value))) {
		err_set(e, "the value is not UTF-8");
		return -1;
	}
	return 0;
}

static int
store_typed(const struct opt *o, const char *value, struct errbuf *e)
{
	switch (o->type) {
	case OPT_STRING:
		*(const char **)o->at = value;
		return 0;
	case OPT_INT:
		return num_int(o->at, value, o->min, o->max, e);
	case OPT_DURATION:
		return num_duration(o->at, value, e);
	case OPT_SIZE:
		return num_size(o->at, value, e);
	case OPT_CHOICE:
		return store_choice(o, value, e);
	case OPT_LIST:
	case OPT_PAIR:
		if (opt_list_add(o->at, value) == 0)
			return 0;
		err_set(e, "out of memory");
		return -1;
	case OPT_FLAG:
	case OPT_COUNT:
	case OPT_HEADING:
	default:
		return 0;
	}
}

int
opt_store(const struct opt *o, const char *value, struct errbuf *e)
{
	if (o->type == OPT_FLAG)
		*(bool *)o->at = true;
	else if (o->type == OPT_COUNT)
		++*(unsigned *)o->at;
	if (value == NULL)
		return 0;
	return check_value(o, value, e) == -1 ? -1 :
	    store_typed(o, value, e);
}
