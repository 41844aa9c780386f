/*
 * names.c: a library that gives one name the addresses that a test wants.
 *
 *	TEST_NAME=many.test TEST_ADDRESSES='::1 127.0.0.1' LD_PRELOAD=...
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

typedef int lookup_fn(const char *, const char *, const struct addrinfo *,
    struct addrinfo **);

int
getaddrinfo(const char *node, const char *service,
    const struct addrinfo *hints, struct addrinfo **found)
{
	lookup_fn *lookup = (lookup_fn *)dlsym(RTLD_NEXT, "getaddrinfo");
	const char *name = getenv("TEST_NAME");
	char *list, *word, *rest;
	int rc = EAI_NONAME;

	if (name == NULL || node == NULL || strcmp(node, name) != 0)
		return lookup(node, service, hints, found);
	*found = NULL;
	list = strdup(getenv("TEST_ADDRESSES"));
	for (word = strtok_r(list, " ", &rest); word != NULL;
	    word = strtok_r(NULL, " ", &rest)) {
		if ((rc = lookup(word, service, hints, found)) != 0)
			break;
		/* glibc frees each of a list by itself. */
		while (*found != NULL)
			found = &(*found)->ai_next;
	}
	free(list);
	return rc;
}
