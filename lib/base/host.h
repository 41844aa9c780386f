/*
 * host.h: hosts: in Host and Origin, in URLs, and in lists of hosts.
 *
 * Only the host part is compared, whatever the case of its letters; ports and
 * schemes are not.  Names are compared as they are: one in Punycode is not
 * decoded.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/slice.h"

struct host {
	struct slice  name;	/* borrowed; without brackets, and without
				 * the stop at its end */
	int	      family;	/* AF_INET or AF_INET6; 0: it is a name */
	int	      port;	/* -1: none */
	unsigned char ip[16];	/* of the family; an IPv4-mapped address is
				 * AF_INET */
};

/*
 * Read "NAME", "127.0.0.1" or "[::1]", with or without ":PORT".  Nothing else
 * may stand there: no user, path or blank.  A name that ends in a number must
 * be an IPv4 address as it is usually written, because browsers and resolvers
 * take "127.1" or "0x7f.1" for one.  0, or -1.
 */
int	host_parse(struct host *h, struct slice text);

/* Read the host of a URL, in which the scheme and what follows the host may be
 * missing: "https://example.com/path", "//example.com", "example.com/path".
 * Blanks around it are skipped.  0, or -1 if there is none. */
int	host_parse_url(struct host *h, struct slice url);

/* Whether it belongs to this machine: "localhost" and names below it,
 * 127.0.0.0/8 and ::1. */
bool	host_is_loopback(const struct host *h);

/* Whether both are the same host. */
bool	host_is(const struct host *a, const struct host *b);

/* ---- lists of hosts ---- */

struct host_pattern {
	struct host host;
	bool	    below;	/* "*.NAME": every name below it, but not the
				 * name itself */
};

/* Zeroed: empty. */
struct host_list {
	struct host_pattern *v;	/* owned array */
	size_t		     n;
};

/* Read a host, or "*.example.com", and append it.  text must live as long as
 * the list.  0, or -1 with *e filled. */
int	host_list_add(struct host_list *l, const char *text, struct errbuf *e);

/* Append the host of a URL.  As host_list_add(). */
int	host_list_add_url(struct host_list *l, const char *url,
	    struct errbuf *e);

bool	host_list_has(const struct host_list *l, const struct host *h);

void	host_list_clear(struct host_list *l);
