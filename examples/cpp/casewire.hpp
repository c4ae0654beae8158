/*
 * casewire in C++17: owners, exceptions and a host as a class, over casewire.h. Header only.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef CASEWIRE_HPP
#define CASEWIRE_HPP

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "casewire.h"

namespace casewire {

/** Lends text to one call. */
inline casewire_text lend(std::string_view text) noexcept
{
    return {reinterpret_cast<const std::uint8_t *>(text.data()), text.size()};
}

/** Text that a step or an error lends: it lives as long as that. */
inline std::string_view view(casewire_text text) noexcept
{
    return {reinterpret_cast<const char *>(text.data), text.size};
}

/** Milliseconds since 1970, as everywhere in casewire. */
inline std::int64_t now_ms() noexcept
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

/** Why a call or an operation failed. */
class Error : public std::runtime_error {
public:
    /** Copies an error that stays its owner's. */
    explicit Error(const casewire_error *error)
        : std::runtime_error(std::string(view(casewire_error_message(error)))),
          status_(casewire_error_status(error)),
          json_(view(casewire_error_json(error))),
          can_retry_(casewire_error_can_retry(error) != 0)
    {
    }

    /** A CASEWIRE_STATUS_ number. */
    casewire_status status() const noexcept { return status_; }

    /** The name of the status, such as `unmapped_group`. */
    std::string_view code() const noexcept { return view(casewire_status_name(status_)); }

    /** The whole error: every fault with its pointer into the input, its message and its fix. */
    const std::string &json() const noexcept { return json_; }

    /** Whether the same may go well later. */
    bool can_retry() const noexcept { return can_retry_; }

private:
    casewire_status status_;
    std::string json_;
    bool can_retry_;
};

/** Calls a function whose last argument takes the error, and throws what it failed with. */
template <typename Function, typename... Arguments>
void call(Function function, Arguments... arguments)
{
    casewire_error *error = nullptr;
    if (function(arguments..., &error) != CASEWIRE_STATUS_OK) {
        const std::unique_ptr<casewire_error, decltype(&casewire_error_free)> owned(error, casewire_error_free);
        throw Error(error);
    }
}

/** Throws with every fault at once, as far as that can be told without asking ConnectWise. */
inline void validate_configuration(std::string_view json) { call(casewire_config_validate, lend(json)); }

/** Throws with every fault at once. */
inline void validate_case(std::string_view json) { call(casewire_case_validate, lend(json)); }

/** What a callback is lent: an effect to perform, or the end of an operation. */
class Step {
public:
    explicit Step(const casewire_step *step) noexcept : step_(step) {}

    const casewire_step *get() const noexcept { return step_; }
    std::string_view json() const noexcept { return view(casewire_step_json(step_)); }
    std::string_view method() const noexcept { return view(casewire_step_http_method(step_)); }
    std::string_view url() const noexcept { return view(casewire_step_http_url(step_)); }
    std::string_view token() const noexcept { return view(casewire_step_token(step_)); }
    std::string_view case_id() const noexcept { return view(casewire_step_case_id(step_)); }
    std::string_view delivery_id() const noexcept { return view(casewire_step_delivery_id(step_)); }
    std::uint64_t operation() const noexcept { return casewire_step_operation_id(step_); }

    /** The ticket's number, where there is one. */
    std::optional<std::uint64_t> ticket() const noexcept
    {
        const std::uint64_t number = casewire_step_ticket_id(step_);
        return number == 0 ? std::nullopt : std::optional(number);
    }

    /** Why an operation that is over failed; nothing if it went well. */
    std::optional<Error> error() const
    {
        const casewire_error *why = casewire_step_error(step_);
        return why == nullptr ? std::nullopt : std::optional<Error>(why);
    }

private:
    const casewire_step *step_;
};

/** What a callback fills in. */
class Answer {
public:
    explicit Answer(casewire_answer *answer) noexcept : answer_(answer) {}

    casewire_answer *get() const noexcept { return answer_; }
    void set_http(std::uint32_t status) { call(casewire_answer_set_http, answer_, status); }
    void add_header(std::string_view name, std::string_view value)
    {
        call(casewire_answer_add_header, answer_, lend(name), lend(value));
    }
    void add_body(const void *bytes, std::size_t size)
    {
        call(casewire_answer_add_body, answer_, casewire_slice{static_cast<const std::uint8_t *>(bytes), size});
    }
    void set_done() { call(casewire_answer_set_done, answer_); }
    void set_fetched() { call(casewire_answer_set_fetched, answer_); }
    /** Gives the answer in its JSON form, such as that of a store. */
    void set_json(std::string_view json) { call(casewire_answer_set_json, answer_, lend(json), casewire_slice{nullptr, 0}); }
    /** `kind` is one of CASEWIRE_FAILURE_; the message must hold no secret. */
    void set_failed(std::uint32_t kind, std::string_view message)
    {
        call(casewire_answer_set_failed, answer_, kind, lend(message));
    }

private:
    casewire_answer *answer_;
};

/** What a product does for casewire. An exception that leaves a method is the effect's failure. */
class Host {
public:
    virtual ~Host() = default;

    /** Sends the request and sets what was answered. What may have left and has no complete answer throws, or is UNANSWERED. */
    virtual void http(Step step, Answer answer) = 0;
    /** Performs a get, scan or commit. A commit is durable when it returns. */
    virtual void store(Step step, Answer answer) = 0;
    /** Takes over what happened to a ticket, durably; a repeat has the same delivery_id. */
    virtual void deliver(Step step) = 0;
    /** Gives the content that `step.token()` stands for. */
    virtual void fetch(Step, Answer answer) { answer.set_failed(CASEWIRE_FAILURE_OTHER, "this host gives no content"); }
    /** Waits until then, or less. Gives false to end the run; the next one goes on. */
    virtual bool wait_until(std::int64_t deadline_ms) = 0;
    /** Is told of every operation that is over. */
    virtual void finished(Step) {}
    /** The time in milliseconds since 1970. */
    virtual std::int64_t time_ms() { return now_ms(); }
};

/** The keys of an API member. */
struct Credentials {
    std::string_view public_key;
    std::string_view private_key;
};

/** A store that lasts as long as the process: for first programs and tests. */
class MemoryStore {
public:
    MemoryStore()
    {
        casewire_memory_store *store = nullptr;
        call(casewire_memory_store_new, &store);
        store_.reset(store);
    }

    void perform(Step step, Answer answer) { call(casewire_memory_store_perform, store_.get(), step.get(), answer.get()); }

private:
    std::unique_ptr<casewire_memory_store, decltype(&casewire_memory_store_free)> store_{nullptr, casewire_memory_store_free};
};

/** A connector between the host and one ConnectWise instance. Any number of threads may use it at the same time. */
class Connector {
public:
    /** Without credentials the host adds the Authorization header itself. */
    explicit Connector(std::string_view configuration, std::optional<Credentials> keys = std::nullopt)
    {
        casewire_connector *connector = nullptr;
        casewire_credentials lent{};
        if (keys)
            lent = {sizeof lent, lend(keys->public_key), lend(keys->private_key)};
        const casewire_credentials *credentials = keys ? &lent : nullptr;
        const casewire_options *options = nullptr;
        call(casewire_connector_new, lend(configuration), credentials, options, now_ms(), &connector);
        connector_.reset(connector);
    }

    /** Takes a case as it is now, and gives the id of the operation that brings its ticket in step with it. */
    std::uint64_t submit_case(std::string_view json, std::int64_t now = now_ms())
    {
        std::uint64_t operation = 0;
        call(casewire_connector_submit_case, connector_.get(), lend(json), now, &operation);
        return operation;
    }

    /** Takes a command such as `{"command": "poll"}`, and gives the id of its operation. */
    std::uint64_t submit(std::string_view json, std::int64_t now = now_ms())
    {
        std::uint64_t operation = 0;
        call(casewire_connector_submit, connector_.get(), lend(json), now, &operation);
        return operation;
    }

    void cancel(std::uint64_t operation) { call(casewire_connector_cancel, connector_.get(), operation, now_ms()); }

    /** Lets the host perform effects until all operations are over, or its wait_until gave false. */
    void run(Host &host)
    {
        Running running{&host, nullptr};
        casewire_host table{};
        table.struct_size = sizeof table;
        table.user_data = &running;
        table.now_ms = [](void *data) {
            Running &running = of(data);
            std::int64_t time = now_ms();
            running.keep([&] { time = running.host->time_ms(); });
            return time;
        };
        table.http = perform<CASEWIRE_FAILURE_UNANSWERED, &Host::http>;
        table.store = perform<CASEWIRE_FAILURE_OTHER, &Host::store>;
        table.deliver = [](void *data, const casewire_step *step, casewire_answer *answer) {
            guarded(CASEWIRE_FAILURE_OTHER, answer, [&] {
                of(data).host->deliver(Step(step));
                Answer(answer).set_done();
            });
        };
        table.fetch = perform<CASEWIRE_FAILURE_OTHER, &Host::fetch>;
        table.wait_until = [](void *data, std::int64_t deadline) {
            Running &running = of(data);
            bool goes_on = false;
            running.keep([&] { goes_on = running.host->wait_until(deadline); });
            return static_cast<std::uint32_t>(!goes_on);
        };
        table.finished = [](void *data, const casewire_step *step) {
            Running &running = of(data);
            running.keep([&] { running.host->finished(Step(step)); });
        };
        try {
            call(casewire_connector_run, connector_.get(), static_cast<const casewire_host *>(&table));
        } catch (const Error &error) {
            if (error.status() != CASEWIRE_STATUS_CANCELLED)
                throw;
        }
        if (running.thrown)
            std::rethrow_exception(running.thrown);
    }

private:
    /** One run. No exception may pass through the library: the first is thrown when the run is over. */
    struct Running {
        Host *host;
        std::exception_ptr thrown;

        template <typename Body> void keep(Body body) noexcept
        {
            try {
                body();
            } catch (...) {
                if (!thrown)
                    thrown = std::current_exception();
            }
        }
    };

    static Running &of(void *data) noexcept { return *static_cast<Running *>(data); }

    template <typename Body> static void guarded(std::uint32_t failure, casewire_answer *answer, Body body) noexcept
    {
        try {
            body();
        } catch (const std::exception &error) {
            casewire_answer_set_failed(answer, failure, lend(error.what()), nullptr);
        } catch (...) {
            casewire_answer_set_failed(answer, failure, lend("the host threw"), nullptr);
        }
    }

    template <std::uint32_t failure, void (Host::*method)(Step, Answer)>
    static void perform(void *data, const casewire_step *step, casewire_answer *answer) noexcept
    {
        guarded(failure, answer, [&] { (of(data).host->*method)(Step(step), Answer(answer)); });
    }

    std::unique_ptr<casewire_connector, decltype(&casewire_connector_free)> connector_{nullptr, casewire_connector_free};
};

}  // namespace casewire

#endif  /* CASEWIRE_HPP */
