/*
 * users.h: the users whose tickets are checked with the hash of their password:
 * name, hash, id and roles.
 *
 * The file is a mapping:
 *
 *	admin:
 *	  password: "$2y$13$..."
 *	  id: 1
 *	  roles: [ROLE_ADMINISTRATOR]
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"
#include "base/secret.h"
#include "base/slice.h"

struct diags;
struct principal;

#define USER_NAME_MAX	255	/* bytes of a name, or of a role */
#define USER_ROLES_MAX	256
#define USER_PASSWORD_MAX 1024	/* bytes of a hash */

struct user {
	const struct principal *principal; /* a reference */
	struct secret password;		/* the hash, as the application has
					 * it */
};

/* Whether it can be the name of a user or a role: not empty, UTF-8 without
 * control characters.  A name must not look like one of a local user. */
bool	user_name_valid(struct slice name);
bool	user_role_valid(struct slice role);

/* Make a user, who is in these sets of enum who.  NULL when out of memory. */
struct user *user_new(unsigned who, const char *name, int64_t id,
	    const char *const *roles, struct slice password);
void	user_free(struct user *u);

struct users {
	struct map map;		/* owned; of struct user */
};

/* Read the file.  0, or -1 with the errors in *d, and then *all is empty. */
int	users_load(struct users *all, const char *file, unsigned who,
	    struct diags *d);
void	users_clear(struct users *all);

/* The user of that name, or NULL. */
const struct user *users_find(const struct users *all, struct slice name);
