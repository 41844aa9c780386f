/*
 * name_table.c: numbers for the users and roles that rights name.
 */
#include "wampd/core/name_table.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

struct name {
	uint32_t number;
	size_t	 len;		/* of text */
	char	 text[];
};

static struct slice
name_key(const void *name)
{
	const struct name *n = name;

	return slice_of(n->text, n->len);
}

/* The first stamp is random.  Principals remember a stamp, and must not take
 * another table, such as that of a later broker, for the one they know. */
void
name_table_init(struct name_table *names)
{
	int kind;

	for (kind = 0; kind < NAME_KINDS; kind++)
		map_init(&names->by_text[kind], name_key);
	names->n = 0;
	randombytes_buf(&names->stamp, sizeof(names->stamp));
}

void
name_table_clear(struct name_table *names)
{
	size_t at;
	void *name;
	int kind;

	for (kind = 0; kind < NAME_KINDS; kind++) {
		at = 0;
		while ((name = map_next(&names->by_text[kind], &at)) != NULL)
			free(name);
		map_clear(&names->by_text[kind]);
	}
}

uint32_t
name_table_find(const struct name_table *names, enum name_kind kind,
    struct slice text)
{
	const struct name *n = map_find(&names->by_text[kind], text);

	return n != NULL ? n->number : 0;
}

uint32_t
name_table_obtain(struct name_table *names, enum name_kind kind,
    struct slice text)
{
	uint32_t number = name_table_find(names, kind, text);
	struct name *n;

	if (number != 0)
		return number;
	if ((n = malloc(sizeof(*n) + text.len)) == NULL)
		return 0;
	n->number = names->n + 1;
	n->len = text.len;
	memcpy(n->text, text.p, text.len);
	if (map_insert(&names->by_text[kind], n) == -1) {
		free(n);
		return 0;
	}
	names->stamp++;
	return ++names->n;
}

static int
compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

void
name_table_sort(uint32_t *numbers, size_t n)
{
	if (n > 1)
		qsort(numbers, n, sizeof(*numbers), compare);
}
