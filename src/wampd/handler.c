/*
 * handler.c: the handler types, and handlers by name.
 */
#include "wampd/handler.h"

#include <stdlib.h>
#include <string.h>

/* A new type is one file in handlers/ and one row here. */
static const struct handler_type *const types[] = {
	&handler_broadcast,
};

const struct handler_type *
handler_type_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(types[i]->name, name) == 0)
			return types[i];
	return NULL;
}

struct handler *
handler_new(const struct handler_type *type, const char *name,
    unsigned subscribe, unsigned publish)
{
	struct handler *h;

	if ((h = calloc(1, sizeof(*h))) == NULL)
		return NULL;
	if ((h->name = strdup(name)) == NULL) {
		free(h);
		return NULL;
	}
	h->type = type;
	h->subscribe = subscribe;
	h->publish = publish;
	return h;
}

void
handler_free(struct handler *h)
{
	if (h == NULL)
		return;
	free(h->name);
	free(h);
}
