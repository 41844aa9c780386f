/*
 * opt_cursor.c: what is at the cursor of a command line that is being typed.
 */
#include "base/opt_cursor.h"

#include <string.h>

#include "base/opt_row.h"
#include "base/opt_value.h"

struct walk {
	const struct opt_spec *spec;
	const struct opt *pending;	/* its value is the next word, if any */
	bool	    second;		/* the second value of a pair */
	const char *route;
	size_t	    operands;
	bool	    ended;		/* by "--" */
};

static void
walk_store(struct walk *w, const struct opt *o, const char *value)
{
	struct errbuf e;

	if (o->at == NULL || opt_store(o, value, &e) == -1)
		return;
	if (o->complete == OPT_C_ROUTE)
		w->route = value;
}

/* The option of "--name" or "--name=value"; *value is NULL without one. */
static const struct opt *
long_option(const struct opt_spec *spec, const char *word, const char **value)
{
	const char *name = word + 2, *eq = strchr(name, '=');
	size_t len = eq != NULL ? (size_t)(eq - name) : strlen(name);

	*value = eq != NULL ? eq + 1 : NULL;
	return opt_find_long(spec, name, len);
}

/* The last option of "-x", "-xyz" or "-xVALUE"; those before it are flags. */
static const struct opt *
short_option(struct walk *w, const char *word, const char **value)
{
	const struct opt *o = NULL;
	const char *p;

	*value = NULL;
	for (p = word + 1; *p != '\0'; p++) {
		if ((o = opt_find_short(w->spec, *p)) == NULL)
			return NULL;
		if (opt_takes_value(o)) {
			*value = p[1] != '\0' ? p + 1 : NULL;
			return o;
		}
		if (p[1] != '\0')
			walk_store(w, o, NULL);
	}
	return o;
}

static bool
is_option(const struct walk *w, const char *word)
{
	return !w->ended && word[0] == '-' && word[1] != '\0';
}

static const struct opt *
find_option(struct walk *w, const char *word, const char **value)
{
	return word[1] == '-' ? long_option(w->spec, word, value) :
	    short_option(w, word, value);
}

static void
walk_word(struct walk *w, const char *word)
{
	const struct opt *o = w->pending;
	const char *value = word;

	w->pending = NULL;
	if (o == NULL) {
		if (!is_option(w, word)) {
			w->operands++;
			return;
		}
		if (strcmp(word, "--") == 0) {
			w->ended = true;
			return;
		}
		if ((o = find_option(w, word, &value)) == NULL)
			return;
	}
	if (opt_takes_value(o) && value == NULL) {
		w->pending = o;
		return;
	}
	walk_store(w, o, value);
	w->second = o->type == OPT_PAIR && !w->second;
	if (w->second)
		w->pending = o;
}

static void
at_value(struct opt_cursor *at, const struct opt *o, const char *value)
{
	at->value = value;
	at->kind = o->type == OPT_CHOICE ? OPT_C_WORDS : o->complete;
	at->words = o->choices;
}

void
opt_cursor(struct opt_cursor *at, const struct opt_spec *spec, char **words,
    size_t n)
{
	struct walk w = { .spec = spec };
	const char *word = words[n - 1];
	const struct opt *o;
	size_t i;

	for (i = 0; i + 1 < n; i++)
		walk_word(&w, words[i]);
	*at = (struct opt_cursor){ .value = word, .route = w.route };
	if (w.pending != NULL) {
		at_value(at, w.pending, word);
		return;
	}
	/* "-" may begin an option, or be an operand. */
	if (!w.ended && word[0] == '-') {
		o = find_option(&w, word, &at->value);
		if (o != NULL && opt_takes_value(o) && at->value != NULL) {
			at_value(at, o, at->value);
			return;
		}
		at->names = true;
		at->value = word;
		return;
	}
	at->operand = true;
	if (w.operands == 0 || spec->each) {
		at->kind = spec->operand;
		at->words = spec->words;
	}
}
