/*
 * library.c: shared libraries that are loaded when something asks for them.
 */
#include "base/library.h"

#include <dlfcn.h>
#include <string.h>

int
library_load(void *table, const char *soname,
    const struct library_symbol *symbols, size_t n, struct errbuf *e)
{
	void *library, *symbol;
	size_t i;

	if ((library = dlopen(soname, RTLD_NOW)) == NULL) {
		err_set(e, "%s", dlerror());
		return -1;
	}
	for (i = 0; i < n; i++) {
		if ((symbol = dlsym(library, symbols[i].name)) == NULL) {
			err_set(e, "%s has no %s", soname, symbols[i].name);
			return -1;
		}
		/* ISO C has no conversion from data to function pointer. */
		memcpy((char *)table + symbols[i].at, &symbol, sizeof(symbol));
	}
	return 0;
}
