// A stand-in for a Jenkins controller: compiles a declarative Jenkinsfile with the Groovy of Jenkins and runs it by
// JenkinsPipelineUnit. What the pipeline says is carried out: a fresh checkout for each agent, shell lines by sh -xe as
// Jenkins does it, conditions, approvals, archives. A word that is not defined here is an error.
import com.lesfurets.jenkins.unit.PipelineTestHelper
import groovy.json.JsonOutput
import groovy.json.JsonSlurper

def settings = new JsonSlurper().parse(new File(args[0]))
def events = []
def binding = new Binding(settings.variables + [none: 'none', any: 'any'])
def stage = null

def tell = { Map event -> events << event }
def run = { List<String> command, File folder ->
  def builder = new ProcessBuilder(command).directory(folder).redirectErrorStream(true)
  builder.environment().clear()
  builder.environment().putAll((settings.env + settings.variables).collectEntries { [(it.key): it.value.toString()] })
  def process = builder.start()
  process.outputStream.close()
  [process.in.text, process.waitFor()]
}
def mustRun = { List<String> command, File folder ->
  def (said, code) = run(command, folder)
  tell(kind: command[0], line: command.last(), stage: stage.name, code: code, said: said)
  if (code != 0) throw new Exception("script returned exit code ${code}")
}
def isRunning = { stage != null && stage.conditions.every { it } && stage.failure == null }

def helper = new PipelineTestHelper([settings.folder] as String[], 'jenkins', com.lesfurets.jenkins.unit.MockPipelineScript,
    [:], this.class.classLoader, settings.folder)
def allow = { String name, List<Class> types, Closure body -> helper.registerAllowedMethod(name, types, body) }

['pipeline', 'options', 'stages', 'always'].each { name -> allow(name, [Closure]) { Closure body -> body() } }
allow('disableConcurrentBuilds', [Map]) { Map how -> tell(kind: 'queue', abortPrevious: how.abortPrevious) }

allow('stage', [String, Closure]) { String name, Closure body ->
  stage = [name: name, conditions: [], beforeInput: false, folder: null, failure: null]
  body()
  tell(kind: 'stage', stage: name, ran: stage.conditions.every { it }, failure: stage.failure?.message)
  def failure = stage.failure
  stage = null
  if (failure != null) throw failure
}
allow('when', [Closure]) { Closure body -> body() }
allow('beforeAgent', [Boolean]) { }
allow('beforeInput', [Boolean]) { Boolean before -> stage.beforeInput = before }
allow('branch', [String]) { String name -> stage.conditions << (settings.variables.BRANCH_NAME == name) }
allow('changeRequest', []) { stage.conditions << (settings.variables.CHANGE_ID != null) }

allow('input', [Closure]) { Closure body ->
  // Without beforeInput people are asked before the conditions are looked at.
  if (stage.beforeInput && !isRunning()) return
  body()
  if (stage.name in settings.refused) stage.failure = new Exception("rejected by somebody")
}
allow('message', [String]) { String text -> tell(kind: 'input', stage: stage.name, message: text) }
allow('ok', [String]) { }

allow('agent', [Object]) { Object which ->
  if (which instanceof Closure) { if (isRunning()) which() }
  else assert which == 'none'
}
allow('label', [String]) { String name ->
  stage.folder = new File(settings.workspaces, stage.name)
  mustRun(['git', 'clone', '--quiet', settings.repository, stage.folder.path], new File(settings.workspaces))
  mustRun(['git', 'checkout', '--quiet', '--detach', settings.commit], stage.folder)
}
allow('steps', [Closure]) { Closure body ->
  if (!isRunning()) return
  try { body() } catch (Exception failure) { stage.failure = failure }
}
allow('post', [Closure]) { Closure body -> if (stage.folder != null) body() }
allow('sh', [String]) { String line -> mustRun(['sh', '-xec', line], stage.folder) }
allow('archiveArtifacts', [Map]) { Map what ->
  def file = new File(stage.folder, what.artifacts)
  if (!file.exists() && !what.allowEmptyArchive) throw new Exception("no artifacts found: ${what.artifacts}")
  tell(kind: 'archive', stage: stage.name, path: what.artifacts, text: file.exists() ? file.text : null)
}

def failure = null
try { helper.init().runScript(settings.file, binding) } catch (Throwable thrown) { failure = thrown }
println JsonOutput.toJson([events: events, failure: failure?.message, kind: failure?.class?.simpleName])
