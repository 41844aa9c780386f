/*
 * addresses.c: which addresses may connect.
 */
#include "wampd/auth/addresses.h"

#include "wampd/core/address.h"

int
addresses_init(struct addresses *all, const struct addresses_settings *set,
    struct errbuf *e)
{
	networks_init(&all->blocked);
	networks_init(&all->allowed);
	networks_init(&all->added);
	return networks_read(&all->blocked, set->blocked, e) == -1 ||
	    networks_read(&all->allowed, set->allowed, e) == -1 ? -1 : 0;
}

void
addresses_clear(struct addresses *all)
{
	networks_clear(&all->blocked);
	networks_clear(&all->allowed);
	networks_clear(&all->added);
}

bool
addresses_admit(const struct addresses *all, const struct address *a,
    int64_t wall)
{
	if (a->u.sa.sa_family == AF_UNIX)
		return true;
	if (networks_match(&all->blocked, a, wall) != NULL ||
	    networks_match(&all->added, a, wall) != NULL)
		return false;
	return networks_count(&all->allowed) == 0 ||
	    networks_match(&all->allowed, a, wall) != NULL;
}
