/*
 * top.c: what the parts of wamp-top share.
 */
#include "top/top.h"

void
top_layout(const struct top *t, struct layout *l)
{
	if (t->columns.n > 0 && t->columns_view == t->view)
		*l = t->columns;
	else
		layout_all(l, &views[t->view]);
}

enum exit_status
top_ask(struct top *t, struct errbuf *e)
{
	const struct chosen *c = &t->chosen[t->view];
	const struct question q = { .view = &views[t->view], .sort = c->sort,
	    .reverse = c->reverse, .filter = &t->filter,
	    .limit = (size_t)t->opt.rows };

	return ask_broker(&t->answer, t->client, &q, e);
}
