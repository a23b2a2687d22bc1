//! Threads.
//!
//! A thread runs to its end where it is started. That is one of the orders in which things can
//! happen; it is a prediction as long as threads that run at the same time do not touch the same
//! modules, which [`Record`](crate::model::record::Record) checks. Two forms are followed:
//!
//! ```python
//! import threading
//! thread = threading.Thread(target=work)
//! thread.start()
//! thread.join()
//! ```
//!
//! ```python
//! import _thread  # built in: nothing else is imported
//! done = _thread.allocate_lock()
//! done.acquire()
//! def work():
//!     try:
//!         import depot
//!     finally:
//!         done.release()
//! _thread.start_new_thread(work, ())
//! done.acquire()
//! ```

use crate::model::{
    fault::Fault,
    language::call::Arguments,
    machine::Machine,
    object::{
        exceptions::ExceptionClass,
        heap::Handle,
        map::Map,
        native::Native,
        value::{Event, Instance, Lock, Object, Thread, Value},
    },
    stop::{Outcome, Stop, doubt, outside},
};

impl Machine<'_> {
    /// `threading.Thread(target=..., args=...)`.
    pub(crate) fn make_thread(&mut self, arguments: Arguments) -> Outcome<Value> {
        let Arguments { positional, keywords } = arguments;
        if !positional.is_empty() {
            return outside("a thread with positional arguments");
        }
        let mut thread = Thread { target: Value::None, args: Vec::new(), number: None };
        for (keyword, value) in keywords {
            match &*keyword {
                "target" => thread.target = value,
                "args" => thread.args = self.items(&value)?,
                _ => return outside(format!("`{keyword}` of a thread")),
            }
        }
        Ok(Value::Object(self.heap.add(Object::Thread(thread))))
    }

    pub(crate) fn thread_method(
        &mut self,
        handle: Handle,
        name: &str,
        args: &[Value],
    ) -> Outcome<Value> {
        let Object::Thread(thread) = self.heap.get(handle) else { return Ok(Value::None) };
        let thread = thread.clone();
        match (name, args, thread.number) {
            ("start", [], None) => {
                let number = self.next_thread();
                self.thread_objects.push((number, Value::Object(handle)));
                if let Object::Thread(thread) = self.heap.get_mut(handle) {
                    thread.number = Some(number);
                }
                self.run_thread(&thread.target, Arguments::positional(thread.args))?;
                Ok(Value::None)
            }
            ("start", [], Some(_)) => {
                Err(self.error("RuntimeError", "threads can only be started once"))
            }
            ("is_alive", [], Some(number)) if self.record.is_running(number) => {
                doubt("whether a thread is alive", "nobody has waited for it")
            }
            ("is_alive", [], Some(_)) => Ok(Value::Bool(false)),
            ("join", [] | [_], Some(0)) => {
                doubt("waiting for the main thread", "the model runs a thread where it is started")
            }
            ("join", [] | [_], Some(number)) => {
                self.record.join(number)?;
                Ok(Value::None)
            }
            ("join", [], None) => {
                Err(self.error("RuntimeError", "cannot join thread before it is started"))
            }
            _ => outside(format!("the method `{name}` of a thread")),
        }
    }

    /// `threading.Event()`.
    pub(crate) fn make_event(&mut self) -> Value {
        Value::Object(self.heap.add(Object::Event(Event::default())))
    }

    /// What waits for an event that is not set would wait for another thread.
    pub(crate) fn event_method(
        &mut self,
        handle: Handle,
        name: &str,
        args: &[Value],
    ) -> Outcome<Value> {
        let Object::Event(event) = self.heap.get_mut(handle) else { return Ok(Value::None) };
        match (name, args) {
            ("set", []) => {
                event.is_set = true;
                Ok(Value::None)
            }
            ("is_set", []) => Ok(Value::Bool(event.is_set)),
            ("wait", [] | [_]) if event.is_set => Ok(Value::Bool(true)),
            _ => doubt("waiting for an event", "whoever could set it does not run any more"),
        }
    }

    /// The `Thread` with this number.
    pub(crate) fn thread_of(&mut self, number: usize) -> Value {
        if let Some((_, known)) = self.thread_objects.iter().find(|(of, _)| *of == number) {
            return known.clone();
        }
        let thread = Thread { target: Value::None, args: Vec::new(), number: Some(number) };
        let thread = Value::Object(self.heap.add(Object::Thread(thread)));
        self.thread_objects.push((number, thread.clone()));
        thread
    }

    /// `_thread.start_new_thread(function, args)`.
    pub(crate) fn start_new_thread(&mut self, args: &[Value]) -> Outcome<Value> {
        let [function, args] = args else { return outside("this call of `start_new_thread`") };
        let args = self.items(args)?;
        self.run_thread(function, Arguments::positional(args))?;
        Ok(Value::Int(1))
    }

    fn next_thread(&self) -> usize {
        self.record.next_number(self.rules.has(Fault::ThreadNumberReused))
    }

    /// Runs a thread to its end and gives its number.
    fn run_thread(&mut self, function: &Value, arguments: Arguments) -> Outcome<usize> {
        if !self.record.is_observing() {
            return doubt("a thread in the setup", "it may go on while the program is observed");
        }
        let number = self.next_thread();
        let starter = self.record.start_thread(number);
        let handled = std::mem::take(&mut self.handled);
        let result = self.call(function, arguments);
        self.handled = handled;
        self.record.back_to(starter);
        match result {
            Err(stop @ Stop::Abstained(_)) => Err(stop),
            Err(Stop::Exited(_)) => {
                doubt("a thread that ends the process", "where the others are then is not known")
            }
            Ok(_) => Ok(number),
            Err(Stop::Raised(raised)) => {
                self.tell_thread_hook(starter, number, raised)?;
                Ok(number)
            }
        }
    }

    /// What a thread raises is printed, or given to `threading.excepthook`.
    fn tell_thread_hook(&mut self, starter: usize, number: usize, raised: Handle) -> Outcome<()> {
        let threading = self.heap.map(self.modules).get("threading").cloned();
        let Some(module) = threading.and_then(|threading| self.as_module(&threading)) else {
            return Ok(());
        };
        let Some(hook) = self.heap.map(module.dict).get("excepthook").cloned() else {
            return Ok(());
        };
        let class = match self.class_of_exception(raised) {
            ExceptionClass::Builtin(class) => Value::Native(Native::Exception(class)),
            ExceptionClass::User(class) => Value::Object(class),
        };
        let mut fields = Map::default();
        fields.insert("exc_type", class);
        fields.insert("exc_value", Value::Object(raised));
        let fields = self.heap.add_map(fields);
        let told = Object::Instance(Instance { class: None, fields });
        let told = Value::Object(self.heap.add(told));
        self.record.back_to(number);
        let result = self.call_with(&hook, [told]);
        self.record.back_to(starter);
        match result {
            Err(stop @ (Stop::Abstained(_) | Stop::Exited(_))) => Err(stop),
            _ => Ok(()),
        }
    }

    pub(crate) fn lock_method(
        &mut self,
        handle: Handle,
        name: &str,
        args: &[Value],
    ) -> Outcome<Value> {
        let Object::Lock(lock) = *self.heap.get(handle) else { return Ok(Value::None) };
        let current = self.record.current();
        match (name, args) {
            ("acquire", []) if lock.locked => {
                doubt("waiting for a lock", "whoever could release it does not run any more")
            }
            ("acquire", []) => {
                if let Some(number) = lock.released_by.filter(|number| *number != current) {
                    self.record.join(number)?;
                }
                *self.heap.get_mut(handle) = Object::Lock(Lock { locked: true, released_by: None });
                Ok(Value::Bool(true))
            }
            ("release", []) if lock.locked => {
                let lock = Lock { locked: false, released_by: Some(current) };
                *self.heap.get_mut(handle) = Object::Lock(lock);
                Ok(Value::None)
            }
            ("release", []) => Err(self.error("RuntimeError", "release unlocked lock")),
            ("locked", []) => Ok(Value::Bool(lock.locked)),
            _ => outside(format!("the method `{name}` of a lock")),
        }
    }
}
