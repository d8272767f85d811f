/** What Taro's runtime asks of react-dom: Preact has it in two modules. */
module.exports = { ...require('preact/compat'), ...require('preact/compat/client') }
