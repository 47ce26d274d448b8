// The few functions of libcurl that the transport needs, without linking libcurl.
//
// Linking libcurl costs every start of the program several milliseconds, even of runs that never send a request, so the
// library is opened at the first request instead. Swift cannot call variadic functions either, so each shape of
// `curl_easy_setopt` and `curl_easy_getinfo` has a wrapper of its own here.

#ifndef CCURL_H
#define CCURL_H

#include <curl/curl.h>
#include <stddef.h>

// What came of opening the library.
enum ccurl_load_status {
  CCURL_READY = 0,
  CCURL_LIBRARY_MISSING = 1,
  CCURL_SYMBOL_MISSING = 2,
  CCURL_INITIALISATION_FAILED = 3
};

// Opens the library and initialises it, once for the process and safely from any thread. Returns a `ccurl_load_status`.
// Every other function below may be called only after this one returned `CCURL_READY`.
int ccurl_load(void);

// The loader's own words when the library could not be opened; an empty text otherwise. The text lives as long as the
// process.
const char *ccurl_load_detail(void);

typedef size_t (*ccurl_data_callback)(char *bytes, size_t size, size_t count, void *context);
typedef int (*ccurl_seek_callback)(void *context, curl_off_t offset, int origin);

CURL *ccurl_easy_init(void);
void ccurl_easy_cleanup(CURL *easy);
CURLcode ccurl_easy_set_long(CURL *easy, CURLoption option, long value);
CURLcode ccurl_easy_set_offset(CURL *easy, CURLoption option, curl_off_t value);
CURLcode ccurl_easy_set_text(CURL *easy, CURLoption option, const char *value);
CURLcode ccurl_easy_set_pointer(CURL *easy, CURLoption option, void *value);
CURLcode ccurl_easy_set_data_callback(CURL *easy, CURLoption option, ccurl_data_callback value);
CURLcode ccurl_easy_set_seek_callback(CURL *easy, ccurl_seek_callback value);
CURLcode ccurl_easy_get_long(CURL *easy, CURLINFO info, long *value);
const char *ccurl_easy_strerror(CURLcode code);

struct curl_slist *ccurl_slist_append(struct curl_slist *list, const char *text);
void ccurl_slist_free_all(struct curl_slist *list);

CURLM *ccurl_multi_init(void);
CURLMcode ccurl_multi_cleanup(CURLM *multi);
CURLMcode ccurl_multi_add(CURLM *multi, CURL *easy);
CURLMcode ccurl_multi_remove(CURLM *multi, CURL *easy);
CURLMcode ccurl_multi_perform(CURLM *multi, int *running);
CURLMcode ccurl_multi_poll(CURLM *multi, int timeout_milliseconds);
CURLMcode ccurl_multi_wakeup(CURLM *multi);

// Takes the next finished transfer off the queue. Returns 1 and fills `easy` and `result` when there was one, 0
// otherwise.
int ccurl_multi_next_finished(CURLM *multi, CURL **easy, CURLcode *result);

#endif
