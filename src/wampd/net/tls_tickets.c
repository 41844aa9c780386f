/*
 * tls_tickets.c: the keys of session tickets.
 */
#include "wampd/net/tls_tickets.h"

#include <openssl/core_names.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#define KEY_MS	(12 * 3600 * 1000LL)	/* how long a key is used */

struct ticket_key {
	unsigned char name[16];		/* tells the key of a ticket */
	unsigned char aes[32];
	unsigned char mac[32];
};

struct tls_tickets {
	pthread_mutex_t	  lock;		/* of all below it, but the cipher */
	struct ticket_key now, before;
	int64_t		  since;	/* of now; ms of clock_boot_ms() */
	EVP_CIPHER	 *cipher;	/* owned; looked up once */
};

/* With the lock held.  The key before the first one opens nothing, since no
 * ticket was made with it. */
static int
rotate(struct tls_tickets *t, int64_t time)
{
	struct ticket_key fresh;

	if (RAND_bytes((unsigned char *)&fresh, sizeof(fresh)) != 1)
		return -1;
	t->before = t->now;
	t->now = fresh;
	t->since = time;
	OPENSSL_cleanse(&fresh, sizeof(fresh));
	return 0;
}

struct tls_tickets *
tls_tickets_new(void)
{
	struct tls_tickets *t = calloc(1, sizeof(*t));
	int64_t time = clock_boot_ms();

	if (t == NULL)
		return NULL;
	(void)pthread_mutex_init(&t->lock, NULL);
	if ((t->cipher = EVP_CIPHER_fetch(NULL, "AES-256-CBC", NULL)) != NULL &&
	    rotate(t, time) == 0 && rotate(t, time) == 0)
		return t;
	tls_tickets_free(t);
	return NULL;
}

void
tls_tickets_free(struct tls_tickets *t)
{
	if (t == NULL)
		return;
	EVP_CIPHER_free(t->cipher);
	(void)pthread_mutex_destroy(&t->lock);
	OPENSSL_cleanse(t, sizeof(*t));
	free(t);
}

int
tls_tickets_rotate(struct tls_tickets *t)
{
	int rc;

	(void)pthread_mutex_lock(&t->lock);
	rc = rotate(t, clock_boot_ms());
	(void)pthread_mutex_unlock(&t->lock);
	return rc;
}

/* Copy the key for a new ticket. */
static void
key_for_new(struct tls_tickets *t, struct ticket_key *key)
{
	int64_t time = clock_boot_ms();

	(void)pthread_mutex_lock(&t->lock);
	/* If there are no random numbers, the next ticket tries again. */
	if (time - t->since >= KEY_MS)
		(void)rotate(t, time);
	*key = t->now;
	(void)pthread_mutex_unlock(&t->lock);
}

enum key_age { KEY_UNKNOWN, KEY_NOW, KEY_BEFORE };

/* Copy the key of that name. */
static enum key_age
key_of_name(struct tls_tickets *t, const unsigned char *name,
    struct ticket_key *key)
{
	enum key_age age = KEY_UNKNOWN;

	(void)pthread_mutex_lock(&t->lock);
	if (memcmp(t->now.name, name, sizeof(key->name)) == 0)
		age = KEY_NOW;
	else if (memcmp(t->before.name, name, sizeof(key->name)) == 0)
		age = KEY_BEFORE;
	if (age != KEY_UNKNOWN)
		*key = age == KEY_NOW ? t->now : t->before;
	(void)pthread_mutex_unlock(&t->lock);
	return age;
}

static int
set_mac(EVP_MAC_CTX *mac, struct ticket_key *key)
{
	char digest[] = "SHA256";
	const OSSL_PARAM how[] = {
		OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key->mac,
		    sizeof(key->mac)),
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest,
		    0),
		OSSL_PARAM_construct_end(),
	};

	return EVP_MAC_CTX_set_params(mac, how) == 1 ? 0 : -1;
}

/* OpenSSL's results of the callback below. */
enum ticket_result { TICKET_ERROR = -1, TICKET_UNKNOWN, TICKET_OPENED,
    TICKET_OPENED_RENEW };

static enum ticket_result
ticket_seal(struct tls_tickets *t, unsigned char *name, unsigned char *iv,
    EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac)
{
	enum ticket_result result = TICKET_ERROR;
	struct ticket_key key;

	key_for_new(t, &key);
	memcpy(name, key.name, sizeof(key.name));
	if (RAND_bytes(iv, EVP_CIPHER_get_iv_length(t->cipher)) == 1 &&
	    EVP_EncryptInit_ex(cipher, t->cipher, NULL, key.aes, iv) == 1 &&
	    set_mac(mac, &key) == 0)
		result = TICKET_OPENED;
	OPENSSL_cleanse(&key, sizeof(key));
	return result;
}

static enum ticket_result
ticket_open(struct tls_tickets *t, const unsigned char *name,
    const unsigned char *iv, EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac)
{
	enum ticket_result result = TICKET_ERROR;
	struct ticket_key key;
	enum key_age age = key_of_name(t, name, &key);

	if (age == KEY_UNKNOWN)
		return TICKET_UNKNOWN;
	if (EVP_DecryptInit_ex(cipher, t->cipher, NULL, key.aes, iv) == 1 &&
	    set_mac(mac, &key) == 0)
		result = age == KEY_NOW ? TICKET_OPENED : TICKET_OPENED_RENEW;
	OPENSSL_cleanse(&key, sizeof(key));
	return result;
}

static int
on_ticket(SSL *ssl, unsigned char *name, unsigned char *iv,
    EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac, int sealing)
{
	struct tls_tickets *t = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
	enum ticket_result result;

	if (sealing)
		return ticket_seal(t, name, iv, cipher, mac);
	result = ticket_open(t, name, iv, cipher, mac);
	/* In TLS 1.3 a client uses a ticket once, so that nobody who watches
	 * can link its connections (RFC 8446, C.4): give it another. */
	if (result == TICKET_OPENED && SSL_version(ssl) == TLS1_3_VERSION)
		result = TICKET_OPENED_RENEW;
	return result;
}

void
tls_tickets_serve(struct tls_tickets *t, SSL_CTX *ctx)
{
	SSL_CTX_set_app_data(ctx, t);
	(void)SSL_CTX_set_tlsext_ticket_key_evp_cb(ctx, on_ticket);
	(void)SSL_CTX_set_num_tickets(ctx, 1);
}
