/*
 * addresses.h: which addresses may connect, and which are those of our
 * proxies.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "wampd/auth/networks.h"

struct address;
struct blocks;
struct opt_list;

/* Lists of networks as texts, borrowed; see network.h. */
#define ADDRESSES_UNIX	"unix"	/* among proxies: Unix sockets */

struct addresses_settings {
	const struct opt_list *blocked;
	const struct opt_list *allowed;	/* empty: all are */
	const struct opt_list *proxies;	/* that are trusted; "unix" is among
					 * them if Unix sockets are */
};

struct addresses {
	struct networks blocked;	/* by the configuration */
	struct networks allowed;	/* likewise; empty: all are */
	struct networks added;		/* blocked while the broker runs */
	struct networks proxies;	/* that are trusted */
	bool unix_proxy;		/* peers of Unix sockets are, too */
	struct blocks *blocks;		/* borrowed; what changes `added`; NULL:
					 * nothing does */
};

/* May be called in any thread.  0, or -1 with *e filled; call addresses_clear()
 * in both cases. */
int	addresses_init(struct addresses *all,
	    const struct addresses_settings *set, struct errbuf *e);
void	addresses_clear(struct addresses *all);

/* Let all have the lists of `fresh`, which gets the old ones; what was blocked
 * while the broker runs stays.  Sessions go on: see blocks_renew(). */
void	addresses_swap(struct addresses *all, struct addresses *fresh);

/* Whether a peer may connect from that address at `wall`, in ms since 1970.
 * The lists do not apply to Unix sockets: the rights of their files do.  An
 * address that is unknown is on no list. */
bool	addresses_admit(const struct addresses *all, const struct address *a,
	    int64_t wall);

/* The same by the lists of the configuration alone. */
bool	addresses_allow(const struct addresses *all, const struct address *a);

/* Whether a peer at that address is one of our proxies, which tell the truth
 * about their clients. */
bool	addresses_trust(const struct addresses *all, const struct address *a);

/* Whether to believe a PROXY header of that peer: of one of our proxies, of a
 * Unix socket, and, if no proxies are configured, of everybody. */
bool	addresses_believe(const struct addresses *all,
	    const struct address *a);
