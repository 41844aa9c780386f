/*
 * http_answer.c: the head of an answer.
 */
#include "wampd/net/http_answer.h"

#include "wampd/net/http_field.h"

int
http_date_write(time_t when, struct buf *out)
{
	static const char days[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu",
	    "Fri", "Sat" };
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May",
	    "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	struct tm tm;

	if (when == 0 || gmtime_r(&when, &tm) == NULL)
		return 0;
	return buf_addf(out, "Date: %s, %02d %s %d %02d:%02d:%02d GMT\r\n",
	    days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon],
	    tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

bool
http_keeps(const struct http_request *req)
{
	struct slice fields = req->fields, option;

	if (req->minor == 0)
		return false;
	while (http_element_next(&fields, "connection", &option))
		if (http_token_eq(option, "close"))
			return false;
	return true;
}

int
http_answer_write(const struct http_answer *a, struct buf *out)
{
	if (buf_addf(out, "HTTP/1.1 %s\r\n", a->status == 200 ? "200 OK" :
	    "503 Service Unavailable") == -1 ||
	    http_date_write(a->date, out) == -1 ||
	    (a->extra != NULL && buf_add_str(out, a->extra) == -1) ||
	    (!a->keep && buf_add_str(out, "Connection: close\r\n") == -1))
		return -1;
	return buf_addf(out, "Cache-Control: no-store\r\n"
	    "Vary: Accept\r\n"
	    "X-Content-Type-Options: nosniff\r\n"
	    "Content-Type: %s\r\n"
	    "Content-Length: %zu\r\n\r\n", a->type, a->length);
}
