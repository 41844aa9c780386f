/*
 * addresses.c: which addresses may connect, and which are those of our
 * proxies.
 */
#include "wampd/auth/addresses.h"

#include <string.h>

#include "base/opt_list.h"
#include "wampd/core/address.h"

static int
read_proxies(struct addresses *all, const struct opt_list *texts,
    struct errbuf *e)
{
	struct opt_list one = { .n = 1 };
	size_t i;

	for (i = 0; i < texts->n; i++) {
		one.v = texts->v + i;
		if (strcmp(texts->v[i], ADDRESSES_UNIX) == 0)
			all->unix_proxy = true;
		else if (networks_read(&all->proxies, &one, e) == -1)
			return -1;
	}
	return 0;
}

int
addresses_init(struct addresses *all, const struct addresses_settings *set,
    struct errbuf *e)
{
	networks_init(&all->blocked);
	networks_init(&all->allowed);
	networks_init(&all->added);
	networks_init(&all->proxies);
	all->unix_proxy = false;
	all->blocks = NULL;
	return networks_read(&all->blocked, set->blocked, e) == -1 ||
	    networks_read(&all->allowed, set->allowed, e) == -1 ||
	    read_proxies(all, set->proxies, e) == -1 ? -1 : 0;
}

void
addresses_clear(struct addresses *all)
{
	networks_clear(&all->blocked);
	networks_clear(&all->allowed);
	networks_clear(&all->added);
	networks_clear(&all->proxies);
}

static void
swap(struct networks *a, struct networks *b)
{
	struct networks was = *a;

	*a = *b;
	*b = was;
}

void
addresses_swap(struct addresses *all, struct addresses *fresh)
{
	swap(&all->blocked, &fresh->blocked);
	swap(&all->allowed, &fresh->allowed);
	swap(&all->proxies, &fresh->proxies);
	all->unix_proxy = fresh->unix_proxy;
}

/* Entries of these lists have no end, so the time does not matter. */
bool
addresses_allow(const struct addresses *all, const struct address *a)
{
	if (a->u.sa.sa_family == AF_UNIX)
		return true;
	if (networks_match(&all->blocked, a, 0) != NULL)
		return false;
	return networks_count(&all->allowed) == 0 ||
	    networks_match(&all->allowed, a, 0) != NULL;
}

bool
addresses_admit(const struct addresses *all, const struct address *a,
    int64_t wall)
{
	return addresses_allow(all, a) &&
	    networks_match(&all->added, a, wall) == NULL;
}

bool
addresses_trust(const struct addresses *all, const struct address *a)
{
	return a->u.sa.sa_family == AF_UNIX ? all->unix_proxy :
	    networks_match(&all->proxies, a, 0) != NULL;
}

bool
addresses_believe(const struct addresses *all, const struct address *a)
{
	return a->u.sa.sa_family == AF_UNIX ||
	    (networks_count(&all->proxies) == 0 && !all->unix_proxy) ||
	    addresses_trust(all, a);
}
