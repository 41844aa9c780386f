/*
 * library.c: shared libraries that are loaded when they are needed.
 */
#include "base/library.h"

#include <dlfcn.h>
#include <string.h>

static int
load(void *table, const struct library *l, struct errbuf *e)
{
	const struct library_symbol *s;
	void *library, *symbol;

	if ((library = dlopen(l->soname, RTLD_NOW)) == NULL) {
		err_set(e, "%s", dlerror());
		return -1;
	}
	for (s = l->symbols; s->name != NULL; s++) {
		if ((symbol = dlsym(library, s->name)) == NULL) {
			err_set(e, "%s has no %s", l->soname, s->name);
			return -1;
		}
		/* ISO C has no conversion from data to function pointer. */
		memcpy((char *)table + s->at, &symbol, sizeof(symbol));
	}
	return 0;
}

int
library_load(void *table, const struct library *l, struct errbuf *e)
{
	if (load(table, l, e) == 0)
		return 0;
	err_wrap(e, "%s", l->need);
	return -1;
}
