/*
 * principal.c: who a peer is, and who may do a thing.
 */
#include "wampd/principal.h"

#include <pwd.h>
#include <stdio.h>

const struct principal principal_anonymous = {
	.who = WHO_ANYONE, .name = "anonymous"
};

const struct principal principal_anonymous_loopback = {
	.who = WHO_ANYONE | WHO_LOOPBACK, .name = "anonymous"
};

void
principal_init_local(struct principal *p, uid_t uid)
{
	char space[1024];
	struct passwd pw, *found = NULL;

	p->who = WHO_ANYONE | WHO_AUTHENTICATED | WHO_LOCAL | WHO_LOOPBACK;
	(void)getpwuid_r(uid, &pw, space, sizeof(space), &found);
	if (found != NULL)
		(void)snprintf(p->name, sizeof(p->name), "local:%s",
		    found->pw_name);
	else
		(void)snprintf(p->name, sizeof(p->name), "local:%u",
		    (unsigned)uid);
}
