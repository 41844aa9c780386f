/*
 * key_store.c: reading the values of keys.
 */
#include "wampd/config/key.h"

#include <grp.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/network.h"
#include "base/num.h"
#include "base/path.h"
#include "route/yaml.h"
#include "wampd/config/config.h"

#define SIZE_LARGEST	(1u << 30)

static int
store_word(int *out, const char *const *words, const char *text,
    struct errbuf *e)
{
	char list[128] = "";
	int i;

	for (i = 0; words[i] != NULL; i++) {
		if (strcmp(words[i], text) == 0) {
			*out = i;
			return 0;
		}
		(void)snprintf(list + strlen(list),
		    sizeof(list) - strlen(list), "%s%s", i ? ", " : "",
		    words[i]);
	}
	err_set(e, "\"%s\" is not one of %s", text, list);
	return -1;
}

static int
store_flag(bool *out, const char *text, struct errbuf *e)
{
	const struct yaml_node n = { .kind = YAML_SCALAR,
	    .text = slice_str(text) };

	if (yaml_bool(out, &n) == 0)
		return 0;
	err_set(e, "\"%s\" is neither true nor false", text);
	return -1;
}

static int
store_mode(mode_t *out, const char *text, struct errbuf *e)
{
	char *end;
	unsigned long v = strtoul(text, &end, 8);

	if (text[0] < '0' || text[0] > '7' || *end != '\0' || v > 0777) {
		err_set(e, "\"%s\" is not an octal mode such as 0660", text);
		return -1;
	}
	*out = (mode_t)v;
	return 0;
}

static int
store_group(gid_t *out, const char *text, struct errbuf *e)
{
	const struct group *gr = getgrnam(text);

	if (gr == NULL) {
		err_set(e, "there is no group \"%s\"", text);
		return -1;
	}
	*out = gr->gr_gid;
	return 0;
}

/* Root's rights are what the key takes away. */
static int
store_user(struct config_user *out, const char *text, struct errbuf *e)
{
	const struct passwd *pw = getpwnam(text);

	if (pw == NULL) {
		err_set(e, "there is no user \"%s\"", text);
		return -1;
	}
	if (pw->pw_uid == 0) {
		err_set(e, "%s has all rights: name another user", text);
		return -1;
	}
	*out = (struct config_user){ text, pw->pw_uid, pw->pw_gid };
	return 0;
}

static int
store_list(struct opt_list *out, const char *text, struct errbuf *e)
{
	if (opt_list_add(out, text) == 0)
		return 0;
	err_set(e, "out of memory");
	return -1;
}

/* The path of a request is compared as it comes, without its query. */
static bool
is_place(const char *text)
{
	const char *p;

	for (p = text; *p > ' ' && *p < 0x7f && *p != '?' && *p != '#'; p++)
		;
	return text[0] == '/' && *p == '\0';
}

static int
store_places(struct opt_list *out, const char *text, struct errbuf *e)
{
	if (is_place(text))
		return store_list(out, text, e);
	err_set(e, "\"%s\" is not the path of a URL, such as /ws", text);
	return -1;
}

/* Pages have no path that could be read as another one, see site.h. */
static int
store_place(const char **out, const struct key *k, const char *text,
    struct errbuf *e)
{
	const struct yaml_node n = { .kind = YAML_SCALAR,
	    .text = slice_str(text) };
	size_t len = strlen(text);
	bool on;

	if (yaml_bool(&on, &n) == 0) {
		*out = on ? k->words[0] : NULL;
		return 0;
	}
	if (is_place(text) && strstr(text, "//") == NULL &&
	    strstr(text, "/.") == NULL && strpbrk(text, "%\\") == NULL &&
	    text[len - 1] != '/') {
		*out = text;
		return 0;
	}
	err_set(e, "\"%s\" is neither yes nor no nor the path of a URL, such "
	    "as %s", text, k->words[0]);
	return -1;
}

static int
store_network(struct opt_list *out, const char *text, struct errbuf *e)
{
	struct network n;

	return network_parse(&n, text, e) == -1 ? -1 :
	    store_list(out, text, e);
}

static int
store_proxy(struct opt_list *out, const char *text, struct errbuf *e)
{
	if (strcmp(text, "unix") == 0)
		return store_list(out, text, e);
	if (store_network(out, text, e) == 0)
		return 0;
	err_wrap(e, "neither \"unix\" nor a network");
	return -1;
}

/*
 * Oro's PHP client takes the text from the first "[" to the first "]" of its
 * first read for WELCOME.  So the name must not hold a bracket, and neither
 * must the header of the frame: 60 characters keep the length of the frame
 * below 91, which is "[".
 */
static int
store_ident(const char **out, const char *text, struct errbuf *e)
{
	size_t len = strlen(text);

	if (len > 60 || strspn(text, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ./_-+()") != len) {
		err_set(e, "it may have at most 60 letters, digits, spaces "
		    "and ./_-+()");
		return -1;
	}
	*out = text;
	return 0;
}

static int
store_duration(int64_t *at, const struct key *k, const char *text,
    struct errbuf *e)
{
	if (num_duration(at, text, e) == -1)
		return -1;
	if (*at >= k->min)
		return 0;
	err_set(e, "%s is less than %lld ms", text, k->min);
	return -1;
}

static int
store_ttl(int64_t *at, const struct key *k, const char *text,
    struct errbuf *e)
{
	if (strcmp(text, k->words[0]) != 0)
		return store_duration(at, k, text, e);
	*at = -1;
	return 0;
}

static int
store_number(void *at, const struct key *k, const char *text,
    struct errbuf *e)
{
	if (k->type == KEY_INT)
		return num_int(at, text, k->min, INT32_MAX, e);
	if (k->type == KEY_DURATION)
		return store_duration(at, k, text, e);
	if (num_size(at, text, e) == -1)
		return -1;
	if (*(uint64_t *)at < (uint64_t)k->min) {
		err_set(e, "%s is less than %lld bytes", text, k->min);
		return -1;
	}
	if (k->type == KEY_SIZE && *(uint64_t *)at > SIZE_LARGEST) {
		err_set(e, "%s is more than 1GiB", text);
		return -1;
	}
	return 0;
}

int
key_store(struct config *cfg, const struct key *k, const char *text,
    struct errbuf *e)
{
	void *at = (char *)cfg + k->at;

	switch (k->type) {
	case KEY_IDENT:
		return store_ident(at, text, e);
	case KEY_STRING:
	case KEY_PATH:
	case KEY_SECRET:
	case KEY_FOLDER:
	case KEY_CWD:
	case KEY_MADE:
		*(const char **)at = text;
		return 0;
	case KEY_SOCKET:
		if (path_check_socket(text, e) == -1)
			return -1;
		*(const char **)at = text;
		return 0;
	case KEY_ADDRESSES:
		return endpoint_add(at, text, e);
	case KEY_PATHS:
	case KEY_SECRETS:
	case KEY_COMMAND:
		return store_list(at, text, e);
	case KEY_PLACES:
		return store_places(at, text, e);
	case KEY_PLACE:
		return store_place(at, k, text, e);
	case KEY_NETWORKS:
		return store_network(at, text, e);
	case KEY_PROXIES:
		return store_proxy(at, text, e);
	case KEY_HOSTS:
		return host_list_add(at, text, e);
	case KEY_URLS:
		return host_list_add_url(at, text, e);
	case KEY_TTL:
		return store_ttl(at, k, text, e);
	case KEY_WORD:
		return store_word(at, k->words, text, e);
	case KEY_FLAG:
		return store_flag(at, text, e);
	case KEY_MODE:
		return store_mode(at, text, e);
	case KEY_GROUP:
		return store_group(at, text, e);
	case KEY_USER:
		return store_user(at, text, e);
	case KEY_INT:
	case KEY_SIZE:
	case KEY_MEMORY:
	case KEY_DURATION:
	default:
		return store_number(at, k, text, e);
	}
}

void
key_unset(struct config *cfg, const struct key *k)
{
	void *at = (char *)cfg + k->at;

	if (k->type == KEY_ADDRESSES)
		((struct endpoint_list *)at)->n = 0;
	else if (k->type == KEY_HOSTS || k->type == KEY_URLS)
		((struct host_list *)at)->n = 0;
	else if (key_is_list(k))
		((struct opt_list *)at)->n = 0;
}
